/** Gradients of what computes gradients, against central differences of first gradients, on every engine. */
import { afterAll, beforeAll, describe, test } from "vitest";
import { loadEngine } from "../../src/engine/load.js";
import { type Scalar, type Tensor, type Tensor4D, tf } from "../../src/tensor/tensor.js";
import { useEngine } from "../support/engine.js";
import { expectGradient, tensorOf } from "../support/tensors.js";

afterAll(async () => {
  await useEngine();
});

/** [1, 3, 4, 1], values well apart, so that a difference moves no maximum. */
const IMAGE = [0.9, -0.4, 0.3, 1.4, -1.1, 0.6, -0.7, 1.9, 1.2, -0.2, 0.1, -1.6];
const asImage = (x: Tensor): Tensor4D => tf.reshape(x, [1, 3, 4, 1]);

const FUNCTIONS: Readonly<Record<string, (x: Tensor4D) => Tensor>> = {
  elu: (x) => tf.elu(x),
  "average pooling": (x) => tf.avgPool(x, 2, 1, "valid"),
  "average pooling in steps": (x) => tf.avgPool(x, [3, 2], 2, "valid"),
  "maximum pooling": (x) => tf.maxPool(x, 2, 1, "valid"),
  "maximum pooling in steps": (x) => tf.maxPool(x, [1, 2], [1, 2], "valid"),
  "the nearest neighbor": (x) => tf.image.resizeNearestNeighbor(x, [6, 8]),
};

describe.each(["native", "wasm", "cpu"] as const)("on %s", (name) => {
  beforeAll(async () => {
    await loadEngine(name);
  });
  test.each(Object.keys(FUNCTIONS))("%s", (each) => {
    // Squared, so that the gradient depends on x.
    const f = (x: Tensor): Scalar => tf.sum(tf.pow(FUNCTIONS[each]!(asImage(x)), 2));
    const ofGradient = (x: Tensor): Scalar => tf.sum(tf.square(tf.grad(f)(x)));
    expectGradient(ofGradient, tensorOf(IMAGE), 5e-3);
  });
});
