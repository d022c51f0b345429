import { describe, expect, it } from "vitest";
import {
  mean,
  meanAndError,
  median,
  sampleVariance,
  standardError,
  studentCritical,
  studentInterval,
} from "../../src/numerics/statistics.js";
import oracle from "../fixtures/statistics.json" with { type: "json" };

describe("Student's t", () => {
  it("has SciPy's critical values", () => {
    for (const { level, degreesOfFreedom, t } of oracle.critical) {
      expect(
        Math.abs(studentCritical(level, degreesOfFreedom) / t - 1),
        `${level} at ${degreesOfFreedom}`,
      ).toBeLessThan(1e-10);
    }
  });

  it("gives SciPy's interval and standard error", () => {
    const { values, ...expected } = oracle.interval;
    const interval = studentInterval(values);
    expect(interval.n).toBe(5);
    expect(interval.mean).toBeCloseTo(expected.mean, 12);
    expect(interval.low).toBeCloseTo(expected.low, 10);
    expect(interval.high).toBeCloseTo(expected.high, 10);
    expect(standardError(values)).toBeCloseTo(expected.standardError, 12);
    expect(meanAndError(Float32Array.from(values))).toEqual({
      mean: interval.mean,
      standardError: standardError(values),
    });
  });

  it("has no bounds with fewer than two values", () => {
    expect(studentInterval([3])).toEqual({ mean: 3, low: null, high: null, n: 1 });
    expect(sampleVariance([3])).toBeNaN();
    expect(mean([])).toBeNaN();
  });

  it("has no width where all values are equal", () => {
    expect(studentInterval([2, 2, 2])).toEqual({ mean: 2, low: 2, high: 2, n: 3 });
  });
});

describe("the median", () => {
  it("is the middle one, or halfway between two", () => {
    expect(median([10, 9, 100])).toBe(10);
    expect(median(Float32Array.of(4, -1, 30, 2))).toBe(3);
    expect(median([])).toBeNaN();
  });
});
