/** Follows an optimizer through the steps that PyTorch's took, on a variable of the name given. */
import { expect } from "vitest";
import type { Optimizer } from "../../src/contracts/index.js";
import type { ProgramTools } from "../../src/contracts/program.js";
import { applyUpdate, updateVariable } from "../../src/inference/update.js";
import { mapValues } from "../../src/numerics/records.js";
import { type Scalar, tf } from "../../src/tensor/tensor.js";
import fixtures from "../fixtures/torch-optimizers.json" with { type: "json" };
import { valuesOf } from "../support/tensors.js";

const tools: ProgramTools = { kernels: undefined as never, update: applyUpdate };

/** The variable after each step, [2, 3] flattened. */
export const pathOf = (optimizer: Optimizer, rates: readonly number[], variable = "decoder/weights"): number[][] => {
  let next: ReturnType<Optimizer["update"]> = {
    variable: tf.tensor2d(fixtures.start, [2, 3]),
    slots: Object.fromEntries(optimizer.slots.map((slot) => [slot, tf.zeros([2, 3])])),
  };
  let globals: Readonly<Record<string, Scalar>> = mapValues(optimizer.globals, (value) => tf.scalar(value));
  const at = { variable: [variable], slots: mapValues(next.slots, (_, slot) => [slot]) };
  return rates.map((rate, step) => {
    const gradient = tf.tensor2d(fixtures.gradients[step]!, [2, 3]);
    const learningRate = tf.scalar(rate);
    next = updateVariable(tools, variable, { optimizer, ...next, globals, gradient, learningRate, at });
    globals = optimizer.advance(globals);
    return valuesOf(next.variable);
  });
};

/** Float32 against float64: a few roundings. */
export const expectSamePath = (path: number[][], expected: readonly (readonly number[])[]): void => {
  expect(path).toHaveLength(expected.length);
  for (const [step, values] of expected.entries())
    for (const [i, value] of values.entries())
      expect(Math.abs(path[step]![i]! - value), `step ${step}, element ${i}`).toBeLessThan(2e-6);
};
