/** Total mass and moments of a distribution over one or two numbers, from nothing but its log-probabilities. */
import type { Distribution } from "../../../src/contracts/distribution.js";
import { type Support, sizeOf } from "../../../src/tensor/fields.js";
import { tf } from "../../../src/tensor/tensor.js";

export interface Moments {
  mass: number;
  /** By element of the event. */
  mean: number[];
  meanSquare: number[];
}

/** All combinations of the points, one row each. */
const grid = (points: readonly number[], dimensions: number): number[][] =>
  dimensions === 0 ? [[]] : grid(points, dimensions - 1).flatMap((row) => points.map((point) => [...row, point]));

/** Sums of a density or of probabilities over rows, each standing for `volume`. */
const sumOver = (p: Distribution, rows: readonly number[][], volume: number): Moments => {
  const size = sizeOf(p.eventShape);
  const logProb = tf.tidy(() =>
    p.logProb(tf.tensor(Float32Array.from(rows.flat()), [rows.length, ...p.eventShape])).dataSync(),
  );
  const moments: Moments = { mass: 0, mean: Array(size).fill(0), meanSquare: Array(size).fill(0) };
  rows.forEach((row, i) => {
    const weight = Math.exp(logProb[i]!) * volume;
    moments.mass += weight;
    row.forEach((value, j) => {
      moments.mean[j]! += weight * value;
      moments.meanSquare[j]! += weight * value * value;
    });
  });
  return moments;
};

/**
 * By the trapezoidal rule on [-reach, reach]^n, n = 1 or 2: it converges faster than any power for densities this smooth. A finite
 * support is summed over.
 */
export const integrate = (p: Distribution, reach = 12): Moments => {
  if (p.enumerate) return sumOver(p, p.enumerate().arraySync() as number[][], 1);
  const size = sizeOf(p.eventShape);
  const step = size === 1 ? 0.005 : 0.08;
  const points = Array.from({ length: Math.round((2 * reach) / step) + 1 }, (_, i) => i * step - reach);
  return sumOver(p, grid(points, size), step ** size);
};

const POINTS: Readonly<Record<Support, number>> = { binary: 2, categorical: 3, count: 200, unit: 0, real: 0 };
/** Over every value of the support; counts up to 199. */
export const sumSupport = (p: Distribution, support: Support): Moments => {
  const points = Array.from({ length: POINTS[support] }, (_, i) => i);
  return sumOver(p, grid(points, sizeOf(p.eventShape)), 1);
};
