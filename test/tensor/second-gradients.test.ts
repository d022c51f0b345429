/** Gradients of gradients against central differences of first gradients. */
import { beforeAll, expect, test } from "vitest";
import { type Scalar, type Tensor, tf } from "../../src/tensor/tensor.js";
import { useEngine } from "../support/engine.js";
import { expectGradient, tensorOf, valuesOf } from "../support/tensors.js";

beforeAll(async () => {
  await useEngine();
});

const FUNCTIONS: Readonly<Record<string, (x: Tensor) => Tensor>> = {
  exp: (x) => tf.exp(x),
  expm1: (x) => tf.expm1(x),
  logSigmoid: (x) => tf.logSigmoid(x),
  logSoftmax: (x) => tf.logSoftmax(x),
  logSumExp: (x) => tf.logSumExp(x, -1, true),
  "a power": (x) => tf.pow(x, tf.scalar(2.5)),
  "a power of the exponent": (x) => tf.pow(tf.scalar(1.7), x),
  sigmoid: (x) => tf.sigmoid(x),
  softmax: (x) => tf.softmax(x),
  softplus: (x) => tf.softplus(x),
  tanh: (x) => tf.tanh(x),
  "a network": (x) => tf.sigmoid(tf.add(tf.tanh(tf.mul(x, 1.3)), tf.exp(tf.mul(x, -0.5)))),
};

/** A scalar that depends on the gradient of f at x. */
const ofGradient =
  (f: (x: Tensor) => Tensor) =>
  (x: Tensor): Scalar => {
    const weighted = (y: Tensor): Scalar => tf.sum(tf.mul(f(y), tensorOf([0.3, -1, 2])));
    return tf.sum(tf.square(tf.grad(weighted)(x)));
  };

test.each(Object.keys(FUNCTIONS))("%s", (name) => {
  expectGradient(ofGradient(FUNCTIONS[name]!), tensorOf([0.7, 1.3, 0.4]), 5e-3);
});

test("a gradient by itself is as it was", () => {
  const slope = tf.grad((x: Tensor) => tf.sum(tf.tanh(x)) as Scalar)(tensorOf([0.5]));
  expect(valuesOf(slope)[0]).toBeCloseTo(1 - Math.tanh(0.5) ** 2, 6);
});
