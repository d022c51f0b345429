/**
 * Precision-recall curve of a distribution. Both sets are clustered together, p and q are their histograms over the clusters,
 * and for slopes l = tan(angle)
 *
 *     precision(l) = sum_c min(l q_c, p_c)     recall(l) = precision(l) / l        p fake, q real
 *
 * F8 is the maximum of F_beta on the curve at beta 8, which weights recall; F1/8, at beta 1/8, weights precision. Source:
 * Sajjadi et al. 2018, eq. 3-4 and algorithm 1, with the settings of its reference code: 20 clusters, 1001 angles, curves
 * averaged over 10 clusterings. That code uses mini-batch k-means; this one uses full k-means.
 */

import { kMeans, seedCenters } from "../../numerics/k-means.js";
import { type Points, stackRows } from "../../numerics/points.js";
import type { Stream } from "../../numerics/streams.js";

export interface Curve {
  precision: Float64Array;
  recall: Float64Array;
}
const TINY = 1e-10;

/** Histograms over the same clusters, each with sum 1. */
export const curveOf = (fake: ArrayLike<number>, real: ArrayLike<number>, angles: number): Curve => {
  const [precision, recall] = [new Float64Array(angles), new Float64Array(angles)];
  for (let a = 0; a < angles; a++) {
    const slope = Math.tan(TINY + ((Math.PI / 2 - 2 * TINY) * a) / (angles - 1));
    let shared = 0;
    for (let c = 0; c < real.length; c++) shared += Math.min(real[c]! * slope, fake[c]!);
    precision[a] = Math.min(1, shared);
    recall[a] = Math.min(1, shared / slope);
  }
  return { precision, recall };
};

/** max over the curve of (1 + beta^2) precision recall / (beta^2 precision + recall). */
export const bestF = ({ precision, recall }: Curve, beta: number): number => {
  const square = beta * beta;
  return precision.reduce(
    (best, p, i) => Math.max(best, ((1 + square) * p * recall[i]!) / (square * p + recall[i]! + TINY)),
    0,
  );
};

const histogram = (assignment: Int32Array, from: number, to: number, clusters: number): Float64Array => {
  const shares = new Float64Array(clusters);
  for (let i = from; i < to; i++) shares[assignment[i]!]! += 1 / (to - from);
  return shares;
};

export const precisionRecallCurve = (
  real: Points,
  fake: Points,
  { clusters, angles, runs, uniform }: { clusters: number; angles: number; runs: number; uniform: Stream },
): Curve => {
  const both = stackRows(fake, real);
  const mean: Curve = { precision: new Float64Array(angles), recall: new Float64Array(angles) };
  for (let run = 0; run < runs; run++) {
    const { assignment } = kMeans(both, seedCenters(both, clusters, uniform));
    const curve = curveOf(
      histogram(assignment, 0, fake.n, clusters),
      histogram(assignment, fake.n, both.n, clusters),
      angles,
    );
    for (let a = 0; a < angles; a++) {
      mean.precision[a]! += curve.precision[a]! / runs;
      mean.recall[a]! += curve.recall[a]! / runs;
    }
  }
  return mean;
};
