/** What holds of a training step, whichever component stands in it. */

import { beforeAll, describe, expect, test } from "vitest";
import { builtins } from "../../src/builtins.js";
import { recordTwice } from "../../src/engine/capture/record/record-twice.js";
import type { Engine } from "../../src/engine/engine.js";
import { capabilitiesOf } from "../../src/registry/checking/capabilities.js";
import { typeOf } from "../../src/spec/define.js";
import { type LatentPlan, latentPlans } from "../../src/spec/latents.js";
import { useEngine } from "../support/engine.js";
import { type Case, casesOfKind } from "./support/cases.js";
import { KINDS_OF_A_STEP, loadCase, type SetUp, setUp, supportOf } from "./support/experiment.js";
import {
  drawsOf,
  expectCapturedLikeEager,
  expectFinite,
  expectNoLeak,
  gradientsAt,
  namedState,
  runEagerly,
} from "./support/steps.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});
const cases: Case[] = KINDS_OF_A_STEP.flatMap(casesOfKind);

for (const each of cases)
  describe(each.name, () => {
    let made: SetUp;
    beforeAll(async () => {
      made = await setUp(await loadCase(each));
    });

    test("its losses are finite, and every trained parameter has a gradient", () => {
      expectFinite(runEagerly(engine.noise, made, [0, 1]).outputs[1]!);
      const gradients = gradientsAt(engine, made);
      expect(Object.keys(gradients).length).toBeGreaterThan(0);
      for (const [name, gradient] of Object.entries(gradients)) {
        const largest = Math.max(...Array.from(gradient?.data ?? [], Math.abs));
        expect([name, Number.isFinite(largest) && largest > 0]).toEqual([name, true]);
      }
    });

    test("two builds with one seed are the same to the byte, and another seed is another model", async () => {
      const again = await setUp(await loadCase(each));
      expect(again.program.initialState).toEqual(made.program.initialState);
      const steps = [0, 1, 2];
      expect(runEagerly(engine.noise, again, steps)).toEqual(runEagerly(engine.noise, made, steps));
      const other = await setUp(await loadCase(each), 2);
      const names = (set: SetUp): string[] => Object.keys(namedState(set.program.initialState));
      expect(names(other)).toEqual(names(made));
      expect(other.program.initialState).not.toEqual(made.program.initialState);
    });

    test("every draw differs from step to step and from site to site, and is the same at the same step", () => {
      const at = (step: number): number[][] => drawsOf(engine, made, made.inputsAt(0, step));
      const [first, second] = [at(0), at(1)];
      expect(at(0)).toEqual(first);
      expect(second.map(({ length }) => length)).toEqual(first.map(({ length }) => length));
      const [{ posterior, enumerate }] = latentPlans(made.spec.model, {}) as [LatentPlan];
      const able = builtins.find(({ kind, schema }) => kind === "posterior" && typeOf({ schema }) === posterior.type);
      // One that is certain of its codes draws nothing.
      const isDrawn = !enumerate && supportOf("posterior", posterior) !== "codes";
      if (able && isDrawn && capabilitiesOf({ definition: able, fields: posterior }).includes("density"))
        expect(first.length).toBeGreaterThan(0);
      const all = [...first, ...second];
      for (const [i, a] of all.entries())
        for (const b of all.slice(i + 1)) {
          const length = Math.min(a.length, b.length);
          expect(a.slice(0, length)).not.toEqual(b.slice(0, length));
        }
    });

    test("it leaves no tensors behind", () => expectNoLeak(engine, made));

    test("two recordings on other values are the same, and the graph does what the step does", ({ skip }) => {
      skip(engine.name !== "native", "graphs are native");
      const { program, inputsAt, variantAt } = made;
      for (const variant of new Set([0, 1, 2, 3].map(variantAt))) {
        expect(recordTwice(program, engine.noise, inputsAt(0), { variant, other: inputsAt(1) })).toEqual([]);
      }
      expectCapturedLikeEager(engine, made);
    });
  });
