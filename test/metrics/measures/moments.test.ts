import { describe, expect, test } from "vitest";
import { frechetDistance } from "../../../src/metrics/measures/frechet.js";
import { kernelDistance, meanKernel, squaredDiscrepancy } from "../../../src/metrics/measures/kernel-distance.js";
import { vendiScore } from "../../../src/metrics/measures/vendi.js";
import { pointsOf } from "../../../src/numerics/points.js";
import { mean } from "../../../src/numerics/statistics.js";
import { stream } from "../../../src/numerics/streams.js";
import { fake, gaussianRows, oracle, real } from "./oracle.js";

describe("the Fréchet distance and the Vendi score", () => {
  test.each([Number.NaN, Number.POSITIVE_INFINITY])("of rows with %d are undefined", (value) => {
    const spoiled = pointsOf(Float32Array.from(fake.values), fake.width);
    spoiled.values[3] = value;
    expect(frechetDistance(real, spoiled)).toBeNaN();
    expect(vendiScore(spoiled)).toBeNaN();
  });
});

describe("the Fréchet distance", () => {
  test("is torch-fidelity's", () => {
    expect(frechetDistance(real, fake)).toBeCloseTo(oracle.frechet, 5);
    expect(frechetDistance(fake, real)).toBeCloseTo(oracle.frechet, 5);
  });

  test("to itself is 0, and to a shifted copy the square of the shift", () => {
    expect(Math.abs(frechetDistance(real, real))).toBeLessThan(1e-6);
    const shifted = pointsOf(
      real.values.map((value) => value + 0.5),
      real.width,
    );
    expect(frechetDistance(real, shifted)).toBeCloseTo(real.width * 0.25, 5);
  });

  test("takes a set without spread: what is left is the other's trace and the distance of the means", () => {
    const point = pointsOf(new Float32Array(4 * 2), 2);
    // Covariance diag(4/3, 0) by n - 1, mean (0, 1).
    const pair = pointsOf(Float32Array.from([1, 1, -1, 1, 1, 1, -1, 1]), 2);
    expect(frechetDistance(point, pair)).toBeCloseTo(4 / 3 + 1, 6);
  });
});

describe("the kernel distance", () => {
  test("over whole sets is torch-fidelity's unbiased estimate", () => {
    const first = pointsOf(real.values.slice(0, fake.values.length), real.width);
    expect(squaredDiscrepancy(first, fake)).toBeCloseTo(oracle.kernel.equal, 5);
    const whole = kernelDistance(first, fake, { subsets: 7, size: 1000, uniform: stream(1, "kernel") });
    expect(whole).toEqual({ value: squaredDiscrepancy(first, fake) });
  });

  test("over random subsets has the mean and the error of torch-fidelity's", () => {
    const { size, count, mean: expected, deviation } = oracle.kernel.subsets;
    const { value, standardError } = kernelDistance(real, fake, { subsets: count, size, uniform: stream(1, "kernel") });
    expect(Math.abs(value - expected)).toBeLessThan(4 * deviation * Math.sqrt(2 / count));
    // The relative error of a standard deviation is about 1 / sqrt(2 count).
    expect(Math.abs(standardError! / (deviation / Math.sqrt(count)) - 1)).toBeLessThan(5 / Math.sqrt(count));
  });

  test("has a kernel of mean 1 + 3 / width between independent standard normal rows", () => {
    // Standard deviation of the kernel at width 12: about 0.95; 400 rows are as good as some 400 independent pairs.
    expect(Math.abs(meanKernel(gaussianRows(400, 12, 1)) - (1 + 3 / 12))).toBeLessThan(0.1);
  });

  test("between equal distributions is 0 but for chance, below as well as above", () => {
    const values = Array.from({ length: 20 }, (_, i) =>
      squaredDiscrepancy(gaussianRows(120, 3, i), gaussianRows(120, 3, 100 + i)),
    );
    expect(Math.min(...values)).toBeLessThan(0);
    expect(Math.abs(mean(values))).toBeLessThan(0.3);
  });
});

describe("the Vendi score", () => {
  test("is vendi-score's, rows of zeros included", () => {
    expect(vendiScore(real)).toBeCloseTo(oracle.vendi.real, 5);
    const rectified = fake.values.map((value, i) => (Math.floor(i / fake.width) === 3 ? 0 : Math.max(0, value)));
    expect(vendiScore(pointsOf(rectified, fake.width))).toBeCloseTo(oracle.vendi.rectified, 5);
  });

  test("counts: k orthogonal directions, each as often, are k", () => {
    const rows = Float32Array.from({ length: 12 * 4 }, (_, i) => (i % 4 === Math.floor(i / 4) % 3 ? 2 + i : 0));
    expect(vendiScore(pointsOf(rows, 4))).toBeCloseTo(3, 6);
    expect(vendiScore(pointsOf(Float32Array.from([3, 4, 3, 4, 6, 8]), 2))).toBeCloseTo(1, 6);
  });
});
