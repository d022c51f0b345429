import { describe, expect, test } from "vitest";
import { bestF, curveOf, precisionRecallCurve } from "../../../src/metrics/measures/precision-recall-curve.js";
import { kMeans, seedCenters } from "../../../src/numerics/k-means.js";
import { pointsOf } from "../../../src/numerics/points.js";
import { stream } from "../../../src/numerics/streams.js";
import { gaussianRows, oracle, real } from "./oracle.js";

describe("k-means", () => {
  test("ends as scikit-learn's Lloyd does from the same centers", () => {
    const initial = pointsOf(real.values.slice(0, 4 * real.width), real.width);
    const { assignment, inertia } = kMeans(real, initial);
    expect([...assignment]).toEqual(oracle.clusters.assignment);
    expect(inertia).toBeCloseTo(oracle.clusters.inertia, 4);
  });

  test("is seeded by rows that differ while there are such, and goes on where there are not", () => {
    const rows = pointsOf(Float32Array.from([0, 0, 0, 5, 5, 9]), 1);
    const three = seedCenters(rows, 3, stream(3, "seeds"));
    expect([...three.values].sort()).toEqual([0, 5, 9]);
    expect(kMeans(rows, seedCenters(rows, 5, stream(3, "seeds"))).inertia).toBe(0);
  });
});

describe("the precision-recall curve", () => {
  const { fake: p, real: q, angles, picked, precision, recall, f8, fEighth } = oracle.curve;

  test("is that of the reference code, and so are its F scores", () => {
    const curve = curveOf(p, q, angles);
    for (const [i, at] of picked.entries()) {
      expect(curve.precision[at]).toBeCloseTo(precision[i]!, 9);
      expect(curve.recall[at]).toBeCloseTo(recall[i]!, 9);
    }
    expect(bestF(curve, 8)).toBeCloseTo(f8, 9);
    expect(bestF(curve, 1 / 8)).toBeCloseTo(fEighth, 9);
  });

  const settings = () => ({ clusters: 8, angles: 201, runs: 3, uniform: stream(2, "curve") });
  test("of equal sets reaches precision and recall of 1, of disjoint ones none", () => {
    const rows = gaussianRows(300, 3, 1);
    const same = precisionRecallCurve(rows, rows, settings());
    expect(bestF(same, 8)).toBeCloseTo(1, 6);
    expect(bestF(same, 1 / 8)).toBeCloseTo(1, 6);
    const far = pointsOf(
      rows.values.map((value) => value + 1000),
      3,
    );
    expect(bestF(precisionRecallCurve(rows, far, settings()), 8)).toBeLessThan(1e-6);
  });

  test("tells lost modes (recall) from wrong ones (precision)", () => {
    // Real: four far clusters. Fake: two of them, or those four and four that are wrong.
    const blobs = (centers: readonly number[], seed: number) => {
      const noise = gaussianRows(100 * centers.length, 1, seed);
      return pointsOf(
        noise.values.map((value, i) => value + 100 * centers[i % centers.length]!),
        1,
      );
    };
    const half = precisionRecallCurve(blobs([1, 2, 3, 4], 1), blobs([1, 2], 2), settings());
    expect(bestF(half, 1 / 8)).toBeGreaterThan(0.95);
    expect(bestF(half, 8)).toBeLessThan(0.6);
    const wrong = precisionRecallCurve(blobs([1, 2, 3, 4], 1), blobs([1, 2, 3, 4, 5, 6, 7, 8], 2), settings());
    expect(bestF(wrong, 1 / 8)).toBeLessThan(0.6);
    expect(bestF(wrong, 8)).toBeGreaterThan(0.95);
  });
});
