import { describe, expect, test } from "vitest";
import { densityCoverage, neighborRadii, precisionRecall } from "../../../src/metrics/measures/neighbors.js";
import { selectRows } from "../../../src/numerics/points.js";
import { fake, gaussianRows, oracle, real } from "./oracle.js";

describe("nearest neighbors", () => {
  test.each([1, 3, 5] as const)(
    "give torch-fidelity's precision and recall, and prdc's density and coverage, at k %i",
    (k) => {
      const expected = oracle.neighbors[`${k}`];
      const { precision, recall } = precisionRecall(real, fake, k);
      const { density, coverage } = densityCoverage(real, fake, k);
      expect(precision).toBeCloseTo(expected.precision, 6);
      expect(recall).toBeCloseTo(expected.recall, 6);
      expect(density).toBeCloseTo(expected.density, 12);
      expect(coverage).toBeCloseTo(expected.coverage, 12);
    },
  );

  test("of a line of whole numbers are a step away, or two at its ends", () => {
    const line = { values: Float32Array.from([0, 1, 2, 3, 4]), n: 5, width: 1 };
    expect([...neighborRadii(line, 2)]).toEqual([4, 1, 1, 1, 4]);
  });

  test.each([1, 2, 5])("of equal distributions give a density of 1 and a coverage of 1 - 2^-k, at k %i", (k) => {
    const { density, coverage } = densityCoverage(gaussianRows(1500, 4, 1), gaussianRows(1500, 4, 2), k);
    // Four standard errors and more, the balls of neighboring points being far from independent.
    expect(Math.abs(density - 1)).toBeLessThan(0.1);
    expect(Math.abs(coverage - (1 - 2 ** -k))).toBeLessThan(0.05);
  });

  test("a copy is in every closed ball of its own point, and in an open one unless the ball is empty", () => {
    const same = precisionRecall(real, real, 3);
    expect(same).toEqual({ precision: 1, recall: 1 });
    const repeated = selectRows(real, Array(50).fill(7));
    expect(precisionRecall(real, repeated, 3).recall).toBeCloseTo(1 / 90, 12);
    expect(densityCoverage(repeated, repeated, 3)).toEqual({ density: 0, coverage: 0 });
  });
});
