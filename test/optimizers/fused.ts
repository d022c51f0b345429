/** Follows an optimizer through the steps that TensorFlow's fused op took. */
import { expect } from "vitest";
import type { Optimizer } from "../../src/contracts/index.js";
import { mapValues } from "../../src/numerics/records.js";
import { type Scalar, type Tensor, tf } from "../../src/tensor/tensor.js";
import fixtures from "../fixtures/optimizers.json" with { type: "json" };
import { valuesOf } from "../support/tensors.js";

export type Path = readonly { variable: readonly number[]; slots: readonly (readonly number[])[] }[];

/** Each element within a few roundings of the op's, in proportion to its own size. */
const expectSame = (actual: Tensor, expected: readonly number[]): void => {
  for (const [i, value] of valuesOf(actual).entries()) {
    expect(Math.abs(value - expected[i]!)).toBeLessThanOrEqual(5e-7 * Math.abs(expected[i]!));
  }
};

export const expectToFollow = (optimizer: Optimizer, path: Path): void => {
  let variable: Tensor = tf.tensor1d(fixtures.start);
  let slots: Readonly<Record<string, Tensor>> = Object.fromEntries(
    optimizer.slots.map((name) => [name, tf.zerosLike(variable)]),
  );
  let globals: Readonly<Record<string, Scalar>> = mapValues(optimizer.globals, (value) => tf.scalar(value));
  path.forEach((expected, step) => {
    const gradient = tf.tensor1d(fixtures.gradients[step]!);
    const learningRate = tf.scalar(fixtures.rates[step]!);
    ({ variable, slots } = optimizer.update({ variable, gradient, slots, globals, learningRate }));
    globals = optimizer.advance(globals);
    expectSame(variable, expected.variable);
    expect(Object.keys(slots)).toEqual(optimizer.slots);
    optimizer.slots.forEach((name, i) => {
      expectSame(slots[name]!, expected.slots[i]!);
    });
  });
};
