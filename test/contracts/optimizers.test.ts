/** Update rules as pure functions: what they compute, that a fused op computes the same, and that they lead downhill. */
import { beforeAll, describe, expect, test } from "vitest";
import { builtins } from "../../src/builtins.js";
import type { Optimizer } from "../../src/contracts/index.js";
import type { HostTensors, Program } from "../../src/contracts/program.js";
import { capturedRunner } from "../../src/engine/capture/runner.js";
import { eagerRunner } from "../../src/engine/eager.js";
import type { Engine } from "../../src/engine/engine.js";
import { updateVariable } from "../../src/inference/update.js";
import { mapValues } from "../../src/numerics/records.js";
import { createBuilder } from "../../src/registry/components/build.js";
import { createCatalogue } from "../../src/registry/components/catalogue.js";
import type { Scalar } from "../../src/tensor/tensor.js";
import { assertSame } from "../../src/testing/steps.js";
import { useEngine } from "../support/engine.js";
import { type Case, casesOfKind } from "./support/cases.js";
import { REFERENCES } from "./support/optimizer-references.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});
const catalogue = createCatalogue(builtins);
const START = [1, -2, 0.5];
const RATES = [0.1, 0.05, 0.02, 0.1, 0.01];
/** From large to small, with a sign that changes. */
const GRADIENTS = [
  [1, -0.3, 20],
  [-0.5, 1e-3, 4],
  [2, 0, -1e-2],
  [0.1, 3, 5],
  [-4, 0.2, 1e-4],
];

/** One variable, its slots and the globals as a program that is fed gradients. */
const programOf = (optimizer: Optimizer): Program => ({
  name: "update",
  initialState: {
    x: { shape: [3], data: Float32Array.from(START) },
    ...Object.fromEntries(optimizer.slots.map((slot) => [`x/${slot}`, { shape: [3], data: new Float32Array(3) }])),
    ...mapValues(optimizer.globals, (value) => ({ shape: [], data: Float32Array.of(value) })),
  },
  run: (state, inputs, tools) => {
    const globals = mapValues(optimizer.globals, (_, name) => state[name] as Scalar);
    const names = Object.fromEntries(optimizer.slots.map((slot) => [slot, `x/${slot}`]));
    const next = updateVariable(tools, "x", {
      optimizer,
      variable: state.x!,
      slots: mapValues(names, (name) => state[name]!),
      globals,
      gradient: inputs.gradient!,
      learningRate: inputs.rate as Scalar,
      at: { variable: ["x"], slots: mapValues(names, (name) => [name]) },
    });
    const slots = Object.fromEntries(Object.entries(next.slots).map(([slot, value]) => [`x/${slot}`, value]));
    return { outputs: {}, state: { x: next.variable, ...slots, ...optimizer.advance(globals) } };
  },
});
const fed = (gradient: readonly number[], rate: number): HostTensors => ({
  gradient: { shape: [3], data: Float32Array.from(gradient) },
  rate: { shape: [], data: Float32Array.of(rate) },
});
const built = async ({ fields }: Case<"optimizer">): Promise<Optimizer> =>
  (await createBuilder(catalogue)).build("optimizer", fields, "/optimizer", { schedule: () => ({ totalSteps: 5 }) });
/** A momentum of its own where the schema leaves it at none. */
const cases = casesOfKind("optimizer").flatMap((each) =>
  each.fields.momentum === 0
    ? [each, { ...each, name: `${each.name}, momentum 0.9`, fields: { ...each.fields, momentum: 0.9 } }]
    : [each],
);

for (const each of cases)
  describe(each.name, () => {
    test.runIf(each.fields.type in REFERENCES)("goes where its paper's formula goes in float64", async () => {
      const running = eagerRunner(engine.noise).start(programOf(await built(each)));
      const path = RATES.map((rate, i) => {
        running.call(fed(GRADIENTS[i]!, rate));
        return Array.from(running.readState().x!.data);
      });
      running.dispose();
      START.forEach((start, j) => {
        const gradients = GRADIENTS.map((gradient) => Math.fround(gradient[j]!));
        const expected = REFERENCES[each.fields.type]!(each.fields, start, gradients, RATES.map(Math.fround));
        for (const [i, value] of expected.entries()) expect(path[i]![j]).toBeCloseTo(value, 5);
      });
    });

    test("has slots of its variable's shape and scalar globals, and without a gradient at the beginning at most decays", async () => {
      const optimizer = await built(each);
      const program = programOf(optimizer);
      const running = eagerRunner(engine.noise).start(program);
      running.call(fed([0, 0, 0], 0.1));
      const state = running.readState();
      running.dispose();
      expect(Object.keys(state)).toEqual(Object.keys(program.initialState));
      for (const [name, { shape, data }] of Object.entries(state)) {
        expect([name, shape]).toEqual([name, program.initialState[name]!.shape]);
        expect(data.every(Number.isFinite)).toBe(true);
      }
      const kept = optimizer.decay?.applies("x", [3]) ? 1 - 0.1 * optimizer.decay.rate : 1;
      for (const [i, start] of START.entries()) expect(state.x!.data[i]).toBeCloseTo(kept * start, kept === 1 ? 15 : 6);
    });

    test("leads downhill on a parabola", async () => {
      const running = eagerRunner(engine.noise).start(programOf(await built(each)));
      const norm = (): number => Math.hypot(...Array.from(running.readState().x!.data));
      const before = norm();
      for (let step = 0; step < 100; step++) running.call(fed(Array.from(running.readState().x!.data), 0.05));
      expect(norm()).toBeLessThan(0.5 * before);
      running.dispose();
    });

    test("its fused op, in a graph, does the same to variable and slots", async ({ skip }) => {
      skip(engine.name !== "native", "graphs are native");
      const program = programOf(await built(each));
      const graph = capturedRunner(engine, { mode: "require" }).start(program);
      const eager = eagerRunner(engine.noise).start(program);
      for (const [i, rate] of RATES.entries()) {
        for (const running of [graph, eager]) running.call(fed(GRADIENTS[i]!, rate));
        assertSame(`step ${i}`, graph.readState(), eager.readState(), 2e-6);
      }
      graph.dispose();
      eager.dispose();
    });
  });

test("every reference is one of a registered optimizer", () => {
  expect(catalogue.names("optimizer")).toEqual(expect.arrayContaining(Object.keys(REFERENCES)));
});
