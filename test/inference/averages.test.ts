/** Averages of the weights in a training program, against sums written out: constant gradients move weights in a line. */
import { beforeAll, describe, expect, test } from "vitest";
import type { Model, Objective, Optimizer } from "../../src/contracts/index.js";
import type { Host, ProgramRunner } from "../../src/contracts/program.js";
import { capturedRunner } from "../../src/engine/capture/runner.js";
import { eagerRunner } from "../../src/engine/eager.js";
import type { Engine } from "../../src/engine/engine.js";
import { scalarInput, scalarInputs } from "../../src/experiments/training/batches.js";
import { type Ema, weightOfStep } from "../../src/experiments/training/ema.js";
import { type StepState, type TrainingInputs, trainingProgram } from "../../src/inference/training-program.js";
import { noiseKey } from "../../src/numerics/streams.js";
import { sgd } from "../../src/optimizers/index.js";
import { zeros } from "../../src/tensor/initializers.js";
import { ParameterStore } from "../../src/tensor/parameters.js";
import { tf } from "../../src/tensor/tensor.js";
import { build } from "../support/components.js";
import { useEngine } from "../support/engine.js";
import { named } from "../support/schedules.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

const START = [4, -1];
const GRADIENT = [1, -0.5];
const RATE = 0.25;
/** Weights whose loss is linear, and a statistic that counts the steps. */
const programOf = () => {
  const store = new ParameterStore();
  const parameters = store.scope();
  const weights = parameters("weights", [2], () => Float32Array.from(START));
  const count = parameters("count", [], zeros, { trainable: false });
  const rate = named("rate", RATE);
  const optimizer: Optimizer = build(sgd, { learningRate: rate }, {});
  const objective: Objective = {
    phases: [
      {
        name: "line",
        every: 1,
        variables: () => true,
        terms: () => {
          count.assign(tf.add(count.value, 1));
          return { loss: tf.sum(tf.mul(weights.value, tf.tensor1d(GRADIENT))), terms: {} };
        },
      },
    ],
  };
  return trainingProgram({
    model: { latents: {} } as unknown as Model,
    objective,
    optimizer,
    store,
    initialValues: store.initialValues(1),
    trainingSize: 1,
    averaged: true,
  });
};
const inputsAt = (ema: Ema, step: number): Host<TrainingInputs> => ({
  fields: {},
  index: { shape: [1], data: Int32Array.of(0) },
  scalars: scalarInputs({ rate: RATE }),
  averageWeight: scalarInput(weightOfStep(ema, step)),
  key: { shape: [2], data: noiseKey(1, "noise", step) },
});
const after = (runner: ProgramRunner, ema: Ema, steps: number): Host<StepState> => {
  const running = runner.start(programOf());
  for (let step = 0; step < steps; step++) running.call(inputsAt(ema, step), "line");
  const state = running.readState();
  running.dispose();
  return state;
};
const line = (steps: number): number[] => START.map((x, i) => x - RATE * GRADIENT[i]! * steps);

const cases: Ema[] = [
  { decay: 0.5, start: 0 },
  { decay: 0.9, start: 0 },
  { decay: 0.9, start: 5 },
  { decay: 0.999, start: 2 },
  { decay: 1, start: 0 },
  { decay: 1, start: 4 },
];
describe.each(cases)("decay $decay from step $start", (ema) => {
  test.each([1, 2, 7, 12])("after %d steps is the weighted mean of the steps since, whatever was before", (steps) => {
    const { decay, start } = ema;
    const counted = Math.max(steps - start, 1);
    const weights = Array.from({ length: counted }, (_, i) => decay ** i);
    const total = weights.reduce((sum, weight) => sum + weight);
    const state = after(eagerRunner(engine.noise), ema, steps);
    START.forEach((_, j) => {
      const mean = weights.reduce((sum, weight, i) => sum + weight * line(steps - i)[j]!, 0) / total;
      expect(state.averages.weights!.data[j]).toBeCloseTo(mean, 5);
      expect(state.parameters.weights!.data[j]).toBeCloseTo(line(steps)[j]!, 6);
    });
  });
});

test("of the mean of all steps of a line is its middle", () => {
  const state = after(eagerRunner(engine.noise), { decay: 1, start: 0 }, 9);
  expect(Array.from(state.averages.weights!.data)).toEqual(line(5));
});

test("a graph keeps the same ones", ({ skip }) => {
  skip(engine.name !== "native", "graphs are native");
  const ema = { decay: 0.9, start: 2 };
  const captured = after(capturedRunner(engine, { mode: "require" }), ema, 12);
  expect(captured).toEqual(after(eagerRunner(engine.noise), ema, 12));
});
