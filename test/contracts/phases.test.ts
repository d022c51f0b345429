/** Two phases, each with variables, an optimizer and a rhythm of its own, in one program. */
import { beforeAll, describe, expect, test } from "vitest";
import type { HostTensors } from "../../src/contracts/program.js";
import { recordTwice } from "../../src/engine/capture/record/record-twice.js";
import { eagerRunner } from "../../src/engine/eager.js";
import type { Engine } from "../../src/engine/engine.js";
import { loadWritten, type SetUp, setUp } from "../../src/testing/experiment.js";
import { assertCapturedLikeEager, assertNoLeak, drawsOf, gradientsAt, namedState } from "../../src/testing/steps.js";
import { useEngine } from "../support/engine.js";
import { adversarial } from "./support/alternating.js";

let engine: Engine;
let made: SetUp;
beforeAll(async () => {
  engine = await useEngine();
  const objective = { type: "adversarial", optimizer: { type: "sgd", momentum: 0.5, learningRate: 0.05 } };
  made = await setUp(await loadWritten({ objective }, [adversarial]));
});

const changed = (before: HostTensors, after: HostTensors): string[] =>
  Object.keys(before).filter(
    (name) => !Buffer.from(before[name]!.data.buffer).equals(Buffer.from(after[name]!.data.buffer)),
  );
const belongsToDiscriminator = (name: string): boolean =>
  name.startsWith("objective/discriminator/") || name.startsWith("optimizer/discriminator/");

describe("an objective of two alternating phases", () => {
  test("has both due at even steps, and the first alone at odd ones", () => {
    expect([0, 1, 2, 3].map(made.variantAt)).toEqual([
      "autoencoder+discriminator",
      "autoencoder",
      "autoencoder+discriminator",
      "autoencoder",
    ]);
  });

  test("is fed the schedule of the inner optimizer under the name of its place", () => {
    const names = Array.from(made.assembled.schedules, ({ name }) => name).sort();
    expect(names).toEqual(["objective.optimizer.learningRate", "objective.weight", "training.optimizer.learningRate"]);
    expect(made.inputsAt(0).scalars["objective.optimizer.learningRate"]!.data[0]).toBeCloseTo(0.05, 6);
  });

  for (const variant of ["autoencoder", "discriminator"])
    test(`the ${variant}'s step moves all of its own variables and slots, and nothing else`, () => {
      const running = eagerRunner(engine.noise).start(made.program);
      const before = namedState(running.readState());
      const outputs = running.call(made.inputsAt(0), variant);
      const after = namedState(running.readState());
      running.dispose();
      const mine = Object.keys(before).filter((name) => belongsToDiscriminator(name) === (variant === "discriminator"));
      expect(mine.length).toBeGreaterThan(0);
      expect(changed(before, after)).toEqual(mine);
      expect(Object.keys(outputs)).toEqual([variant]);
    });

  test("a momentum's slots stand beside Adam's", () => {
    const slots = Object.keys(namedState(made.program.initialState)).filter((name) => name.startsWith("optimizer/"));
    const kinds = new Set(slots.map((name) => `${name.split("/")[1]}/${name.split("/").at(-1)}`));
    expect([...kinds].sort()).toEqual([
      "autoencoder/beta1Power",
      "autoencoder/beta2Power",
      "autoencoder/m",
      "autoencoder/v",
      "discriminator/momentum",
    ]);
  });

  test("in a step of both, the second phase sees what the first one changed", () => {
    const runner = eagerRunner(engine.noise);
    const together = runner.start(made.program);
    const apart = runner.start(made.program);
    const both = together.call(made.inputsAt(0), "autoencoder+discriminator");
    const inTurn = { ...apart.call(made.inputsAt(0), "autoencoder"), ...apart.call(made.inputsAt(0), "discriminator") };
    expect(both).toEqual(inTurn);
    expect(together.readState()).toEqual(apart.readState());
    together.dispose();
    apart.dispose();
  });

  test("every variable has a gradient, phases draw noise of their own, and no tensor is left behind", () => {
    for (const [name, gradient] of Object.entries(gradientsAt(engine, made)))
      expect([name, gradient?.data.some((value) => value !== 0)]).toEqual([name, true]);
    const draws = drawsOf(engine, made, made.inputsAt(0));
    expect(draws).toHaveLength(3);
    expect(new Set(draws.map((draw) => draw[0])).size).toBe(3);
    assertNoLeak(engine, made);
  });

  test("trains as a graph as it does eagerly, in both of its variants", ({ skip }) => {
    skip(engine.name !== "native", "graphs are native");
    const { program, inputsAt, variantAt } = made;
    for (const step of [0, 1]) {
      const options = { variant: variantAt(step), other: inputsAt(step + 2) };
      expect(recordTwice(program, engine.noise, inputsAt(step), options)).toEqual([]);
    }
    const state = assertCapturedLikeEager(engine, made);
    expect(changed(namedState(program.initialState), state).sort()).toEqual(Object.keys(state).sort());
  });
});
