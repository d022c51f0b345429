import { beforeAll, describe, expect, test } from "vitest";
import { Bernoulli } from "../../src/distributions/bernoulli.js";
import { DiagonalGaussian } from "../../src/distributions/diagonal-gaussian.js";
import { closedFormKl } from "../../src/distributions/kl.js";
import { PointMass } from "../../src/distributions/point-mass.js";
import { tf } from "../../src/tensor/tensor.js";
import { useEngine } from "../support/engine.js";

beforeAll(async () => {
  await useEngine();
});

const gaussian = (mean: number, variance: number, shape: number[], eventRank = 1): DiagonalGaussian =>
  new DiagonalGaussian(tf.fill(shape, mean), tf.fill(shape, Math.log(variance)), eventRank);

describe("a closed-form KL", () => {
  test("of two Gaussians is ln(s_p / s_q) + (v_q + (m_q - m_p)^2) / (2 v_p) - 1/2 in each element", () => {
    const elements = closedFormKl(gaussian(1, 0.25, [2, 3]), gaussian(-1, 4, [3]))!.elements!();
    expect(elements.shape).toEqual([2, 3]);
    for (const value of elements.dataSync()) expect(value).toBeCloseTo(Math.log(4) + (0.25 + 4) / 8 - 0.5, 5);
  });

  test("needs the same number of event axes: else elements of one are summed as examples of the other", () => {
    const [rows, images] = [gaussian(0, 1, [5, 2, 3], 1), gaussian(1, 1, [5, 2, 3], 2)];
    expect(closedFormKl(rows, images)).toBeUndefined();
    expect(closedFormKl(images, rows)).toBeUndefined();
    expect(closedFormKl(images, images)).toBeDefined();
  });

  test("is known of no other pair", () => {
    const others = [new PointMass(tf.zeros([2, 3])), new Bernoulli(tf.zeros([2, 3]))];
    for (const other of others) {
      expect(closedFormKl(other, gaussian(0, 1, [3]))).toBeUndefined();
      expect(closedFormKl(gaussian(0, 1, [2, 3]), other)).toBeUndefined();
    }
  });
});
