/** Comparisons of tensors with numbers from elsewhere. */

import { type Tensor, tf } from "../../src/tensor/tensor.js";
import { assertClose, flatNumbers, type Numbers, shapeOfNumbers } from "../../src/testing/assertions.js";
import { assertGradient } from "../../src/testing/differences.js";

export type { Numbers } from "../../src/testing/assertions.js";
export { differences } from "../../src/testing/differences.js";
export { noiseOf } from "../../src/testing/values.js";

export const tensorOf = (numbers: Numbers): Tensor =>
  tf.tensor(flatNumbers(numbers), shapeOfNumbers(numbers), "float32");
export const valuesOf = (tensor: Tensor): number[] => Array.from(tensor.dataSync());

/** Every element within `tolerance` times the larger of 1 and its expected magnitude, and the shapes the same. */
export const expectClose = (actual: Tensor, expected: Numbers, tolerance?: number): void =>
  assertClose("the tensor", actual, expected, tolerance);

/** The gradient of a scalar f at x agrees with its differences. */
export const expectGradient = (f: (x: Tensor) => Tensor, x: Tensor, tolerance?: number): Tensor =>
  assertGradient("the function", f, x, tolerance);
