import { beforeAll, describe, expect, it } from "vitest";
import { adam } from "../../src/optimizers/index.js";
import { constant } from "../../src/schedules/index.js";
import { tf } from "../../src/tensor/tensor.js";
import fixtures from "../fixtures/optimizers.json" with { type: "json" };
import { build } from "../support/components.js";
import { useEngine } from "../support/engine.js";
import { valuesOf } from "../support/tensors.js";
import { expectToFollow } from "./fused.js";

beforeAll(async () => {
  await useEngine();
});
const learningRate = build(constant, { value: 0.1 }, { totalSteps: 6 });

describe("Adam", () => {
  it("goes where TensorFlow's ResourceApplyAdam goes, gradients from 1e-9 to 100", () => {
    expectToFollow(build(adam, { learningRate }, {}), fixtures.adam);
    expectToFollow(build(adam, { learningRate, beta1: 0.5, beta2: 0.9, epsilon: 1e-3 }, {}), fixtures.adamOther);
  });

  it("moves by the learning rate in its first step, whatever the gradient's size", () => {
    const optimizer = build(adam, { learningRate }, {});
    const zero = tf.zeros([3]);
    const { variable } = optimizer.update({
      variable: zero,
      gradient: tf.tensor1d([-1e-3, 1, 1e4]),
      slots: { m: zero, v: zero },
      globals: { beta1Power: tf.scalar(0.9), beta2Power: tf.scalar(0.999) },
      learningRate: tf.scalar(0.1),
    });
    const moved = valuesOf(variable);
    // The first is short of it by epsilon hat / (1e-3 sqrt(1 - b2)), 3 parts in 10,000.
    const wanted = [0.1 / (1 + 1e-8 / (1e-3 * Math.sqrt(0.001))), -0.1, -0.1];
    for (const [i, step] of wanted.entries()) expect(moved[i]! / step).toBeCloseTo(1, 5);
  });

  it("names the op's inputs in the op's order", () => {
    const { fused } = build(adam, { learningRate, beta1: 0.5 }, {});
    expect(fused?.op).toBe("ResourceApplyAdam");
    // var, m, v, beta1_power, beta2_power, lr, beta1, beta2, epsilon, grad: TensorFlow's training_ops.cc.
    expect(fused?.inputs).toEqual([
      { variable: true },
      { slot: "m" },
      { slot: "v" },
      { global: "beta1Power" },
      { global: "beta2Power" },
      { learningRate: true },
      { constant: 0.5 },
      { constant: 0.999 },
      { constant: 1e-8 },
      { gradient: true },
    ]);
  });
});
