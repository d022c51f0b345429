import { expect, test } from "vitest";
import { normalPoints } from "../../src/numerics/normal-points.js";

test("points average functions of N(0, I) as their expectations: exp(-1/2), 1 and 0", () => {
  // 8,192 random points would stray as far as 0.015 and 0.05.
  for (const [dimensions, ofCosine, ofProduct] of [
    [1, 5e-4, 3e-3],
    [2, 5e-4, 3e-3],
    [5, 6e-3, 4e-2],
  ] as const) {
    const pairs = 4096;
    const points = normalPoints(pairs, dimensions);
    expect(points.length).toBe(2 * pairs * dimensions);
    const average = (at: (row: Float32Array) => number): number => {
      let sum = 0;
      for (let i = 0; i < 2 * pairs; i++) sum += at(points.subarray(i * dimensions, (i + 1) * dimensions));
      return sum / (2 * pairs);
    };
    for (let d = 0; d < dimensions; d++) {
      expect(average((row) => row[d]!)).toBeCloseTo(0, 9);
      expect(Math.abs(average((row) => Math.cos(row[d]!)) - Math.exp(-0.5))).toBeLessThan(ofCosine);
      expect(Math.abs(average((row) => row[d]! ** 2) - 1)).toBeLessThan(ofProduct);
      for (let e = 0; e < d; e++) expect(Math.abs(average((row) => row[d]! * row[e]!))).toBeLessThan(ofProduct);
    }
  }
});
