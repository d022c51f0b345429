/** The discrepancy against a double loop and against its closed form for Gaussians; and what it changes of a run. */
import { beforeAll, describe, expect, test } from "vitest";
import type { Engine } from "../../../src/engine/engine.js";
import { mmd, squaredDiscrepancy } from "../../../src/losses/regularizers/mmd.js";
import { stream } from "../../../src/numerics/streams.js";
import { tf } from "../../../src/tensor/tensor.js";
import { useEngine } from "../../support/engine.js";
import { figuresAt } from "../../support/penalty.js";
import { tensorOf } from "../../support/tensors.js";
import { type Inference, unitGaussianModel } from "../../support/unit-gaussian-model.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

const scales = [0.1, 0.2, 0.5, 1, 2, 5, 10];
const random = stream(3, "mmd");
const rows = (count: number, width: number, spread = 1): number[][] =>
  Array.from({ length: count }, () => Array.from({ length: width }, () => (random() - 0.5) * spread));

const KERNELS = {
  "inverse-multiquadric": (c: number, squared: number) => c / (c + squared),
  gaussian: (c: number, squared: number) => Math.exp(-squared / c),
} as const;

describe.each(["inverse-multiquadric", "gaussian"] as const)("%s", (kernel) => {
  test("equals a double loop", () => {
    const [x, y] = [rows(7, 3), rows(7, 3, 2)];
    const k = (a: number[], b: number[]): number => {
      const squared = a.reduce((sum, value, i) => sum + (value - b[i]!) ** 2, 0);
      return scales.reduce((sum, scale) => sum + KERNELS[kernel](2 * 3 * scale, squared), 0);
    };
    let expected = 0;
    for (const [i, a] of x.entries())
      for (const [j, b] of y.entries()) {
        if (i !== j) expected += (k(a, x[j]!) + k(y[i]!, b)) / (7 * 6);
        expected -= (2 * k(a, b)) / 49;
      }
    const found = tf.tidy(() => squaredDiscrepancy(tf.tensor2d(x), tf.tensor2d(y), { kernel, scales }).dataSync()[0]);
    expect(found).toBeCloseTo(expected, 4);
  });
});

/** E exp(-|u|^2 / c) for u ~ N(m, v I) in D dimensions: (c / (c + 2 v))^(D / 2) exp(-|m|^2 / (c + 2 v)). */
const expectedKernel = (c: number, v: number, squaredMean: number, dimensions: number): number =>
  (c / (c + 2 * v)) ** (dimensions / 2) * Math.exp(-squaredMean / (c + 2 * v));

const penaltyOf = (inference: Inference, x: number[][], training = true): number =>
  figuresAt(
    engine,
    mmd,
    { kernel: "gaussian", scales: [1] },
    { model: unitGaussianModel(inference), x: tensorOf(x), training },
  ).value!;

test("has the closed form between Gaussians as its expectation", () => {
  // Codes N(2, 0.25 I) where the prior is N(0, I): slope 1 at x = 2 everywhere.
  const [D, count] = [2, 1500];
  const found = penaltyOf({ slope: [1, 1], variance: 0.25 }, Array(count).fill([2, 2]));
  const c = 2 * D;
  const expected =
    expectedKernel(c, 0.5, 0, D) + expectedKernel(c, 2, 0, D) - 2 * expectedKernel(c, 1.25, 2 * 2 ** 2, D);
  expect(expected).toBeGreaterThan(0.5);
  expect(Math.abs(found - expected)).toBeLessThan(0.03);
});

test("is about 0 where the codes follow the prior", () => {
  expect(Math.abs(penaltyOf({ slope: [0, 0], variance: 1 }, Array(1500).fill([0, 0])))).toBeLessThan(0.01);
});

test("takes a point mass, which it makes follow the prior", () => {
  expect(penaltyOf({ slope: [1, 1], variance: null }, Array(50).fill([3, 3]))).toBeGreaterThan(0.5);
});

test("needs two examples in training, and gives 0 for a last block of one in validation", () => {
  expect(penaltyOf({ slope: [1], variance: 1 }, [[1]], false)).toBe(0);
  expect(() => penaltyOf({ slope: [1], variance: 1 }, [[1]])).toThrow(/this batch has one example/);
});
