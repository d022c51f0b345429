/** Comparisons of tensors with numbers from elsewhere, and derivatives by differences. */
import { expect } from "vitest";
import type { Engine } from "../../src/engine/engine.js";
import { noiseKey } from "../../src/numerics/streams.js";
import { sizeOf } from "../../src/tensor/fields.js";
import { keyedNoise, type Noise } from "../../src/tensor/keyed-noise.js";
import { type Scalar, type Tensor, tf } from "../../src/tensor/tensor.js";

export type Numbers = number | readonly Numbers[];
const flat = (numbers: Numbers): number[] => (typeof numbers === "number" ? [numbers] : numbers.flatMap(flat));
const shapeOf = (numbers: Numbers): number[] =>
  typeof numbers === "number" ? [] : [numbers.length, ...shapeOf(numbers[0] ?? 0)];

export const tensorOf = (numbers: Numbers): Tensor => tf.tensor(flat(numbers), shapeOf(numbers), "float32");
export const valuesOf = (tensor: Tensor): number[] => Array.from(tensor.dataSync());

/** Every element within `tolerance` times the larger of 1 and its expected magnitude, and the shapes the same. */
export const expectClose = (actual: Tensor, expected: Numbers, tolerance = 1e-5): void => {
  expect(actual.shape).toEqual(shapeOf(expected));
  const wanted = flat(expected);
  const off = valuesOf(actual).flatMap((value, i) => {
    const error = Math.abs(value - wanted[i]!) / Math.max(1, Math.abs(wanted[i]!));
    return error <= tolerance ? [] : [{ element: i, value, wanted: wanted[i], error }];
  });
  expect(off).toEqual([]);
};

/** Fresh noise by seed and step: two calls draw the same. */
export const noiseOf = (engine: Engine, seed = 1, step = 0): Noise =>
  keyedNoise(engine.noise, tf.tensor1d(noiseKey(seed, "noise", step), "int32"));

/** The derivative of f at x by central differences. In float32 a step of .01 leaves about 1e-4 for values near 1. */
export const differences = (f: (x: Tensor) => Tensor, x: Tensor, step = 0.01): Tensor => {
  const at = x.dataSync();
  const moved = (i: number, by: number): number =>
    tf.tidy(() => {
      const values = Float32Array.from(at);
      values[i] = at[i]! + by;
      return f(tf.tensor(values, x.shape)).dataSync()[0]!;
    });
  const slopes = Float32Array.from(at, (_, i) => (moved(i, step) - moved(i, -step)) / (2 * step));
  return tf.tensor(slopes, x.shape);
};
/** The gradient of a scalar f at x agrees with its differences. */
export const expectGradient = (f: (x: Tensor) => Tensor, x: Tensor, tolerance = 2e-3): Tensor => {
  const gradient = tf.grad((y: Tensor) => f(y) as Scalar)(x);
  expect(sizeOf(gradient.shape)).toBe(sizeOf(x.shape));
  expectClose(tf.reshape(gradient, [-1]), valuesOf(differences(f, x)), tolerance);
  return gradient;
};
