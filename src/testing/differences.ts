/** Derivatives by central differences, and gradients compared with them. */
import { gradientsOf } from "../tensor/autodiff.js";
import type { Bindings, ParameterStore } from "../tensor/parameters.js";
import { type Scalar, type Tensor, tf } from "../tensor/tensor.js";
import { assertNear, assertShape, assertThat } from "./assertions.js";

/** Tolerance for slopes of sums over a few elements, relative to the larger of 1 and the slope. */
export const SLOPE_TOLERANCE = 5e-3;

/** The derivative of f, a scalar, at x. In float32 a step of .01 leaves about 1e-4 for values near 1. */
export const differences = (f: (x: Tensor) => Tensor, x: Tensor, step = 0.01): Tensor => {
  const slopeAt = slopesOf(f, x, step);
  return tf.tensor(
    Float32Array.from({ length: x.size }, (_, i) => slopeAt(i)),
    x.shape,
  );
};

/** The derivative of f in one element of x. */
const slopesOf = (f: (x: Tensor) => Tensor, x: Tensor, step: number): ((i: number) => number) => {
  const at = x.dataSync();
  const moved = (i: number, by: number): number =>
    tf.tidy(() => {
      const values = Float32Array.from(at);
      values[i] = at[i]! + by;
      return f(tf.tensor(values, x.shape)).dataSync()[0]!;
    });
  return (i) => (moved(i, step) - moved(i, -step)) / (2 * step);
};

/** A kink within the step changes a difference: where one disagrees with the gradient, a smaller step decides. */
const SMALLER = 1e-3;

/** Derivatives of f, a scalar, at x, to be compared with a gradient of the same shape. */
export const slopesBeside = (
  gradient: Tensor,
  f: (x: Tensor) => Tensor,
  x: Tensor,
  tolerance: number,
): Float32Array => {
  const [actual, slopes] = [gradient.dataSync(), differences(f, x).dataSync<"float32">()];
  const isOff = (i: number): boolean =>
    !(Math.abs(actual[i]! - slopes[i]!) <= tolerance * Math.max(1, Math.abs(slopes[i]!)));
  const closerAt = slopesOf(f, x, SMALLER);
  return slopes.map((slope, i) => (isOff(i) ? closerAt(i) : slope));
};

/** The gradient of a scalar f at x agrees with its differences. @param what names x. @returns the gradient */
export const assertGradient = (what: string, f: (x: Tensor) => Tensor, x: Tensor, tolerance = 2e-3): Tensor => {
  const { gradients, unused } = gradientsOf({ x }, (at) => ({ loss: tf.reshape(f(at.x!), []) as Scalar, keep: {} }));
  assertThat(unused.length === 0, `no gradient reaches ${what}, expected one`);
  const gradient = gradients.x!;
  assertShape(`the gradient of ${what}`, gradient.shape, x.shape);
  assertNear(`the gradient of ${what}`, gradient.dataSync(), slopesBeside(gradient, f, x, tolerance), tolerance);
  return gradient;
};

/** The gradients of a loss in every trainable parameter of a store, by name, at the values bound. */
export const parameterGradients = (
  store: ParameterStore,
  bindings: Bindings,
  loss: () => Tensor,
): Record<string, Tensor> => {
  const names = store.parameters.filter(({ trainable }) => trainable).map(({ name }) => name);
  const gradients = tf.grads((...values: Tensor[]) =>
    store.bind({ ...bindings, ...Object.fromEntries(names.map((name, i) => [name, values[i]!])) }, loss),
  )(names.map((name) => bindings[name]!));
  return Object.fromEntries(names.map((name, i) => [name, gradients[i]!]));
};
