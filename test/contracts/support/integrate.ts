/** Total mass and moments of a distribution over one or two numbers, from nothing but its log-probabilities. */
import type { Distribution } from "../../../src/contracts/distribution.js";
import { type Support, sizeOf } from "../../../src/tensor/fields.js";
import { LEVELS } from "../../../src/tensor/mathematics.js";
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

/** Sums of a density or of probabilities over rows, each standing for `volume`; batch axes have length 1. */
const sumOver = (p: Distribution, rows: readonly number[][], volume: number): Moments => {
  const size = sizeOf(p.eventShape);
  const logProb = tf.tidy(() =>
    p.logProb(tf.tensor(Float32Array.from(rows.flat()), [rows.length, ...p.batchShape, ...p.eventShape])).dataSync(),
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
 * support, or one of zeros and ones, is summed over.
 */
export const integrate = (p: Distribution, reach = 12): Moments => {
  if (p.enumerate)
    return sumOver(p, tf.reshape(p.enumerate(), [-1, sizeOf(p.eventShape)]).arraySync() as number[][], 1);
  const size = sizeOf(p.eventShape);
  if (p.discrete) return sumOver(p, grid([0, 1], size), 1);
  const step = size === 1 ? 0.005 : 0.08;
  const points = Array.from({ length: Math.round((2 * reach) / step) + 1 }, (_, i) => i * step - reach);
  return sumOver(p, grid(points, size), step ** size);
};

/** Where a density has its mass. */
export type Range = "real" | "positive" | "unit";

/** The integral over x is the sum of f(x(t)) dx/dt over evenly spaced t. */
interface Substitution {
  from: number;
  to: number;
  x(t: number): number;
  slope(t: number): number;
}
const sigmoid = (t: number): number => 1 / (1 + Math.exp(-t));
/**
 * x = sinh t reaches 1e4 with nodes that stay dense near 0: tails that fall by a power of x are integrated too. x = exp t and
 * x = sigmoid t keep to the half-line and to the unit interval, and their nodes crowd where a density may be singular.
 */
const SUBSTITUTIONS: Readonly<Record<Range, Substitution>> = {
  real: { from: -10, to: 10, x: Math.sinh, slope: Math.cosh },
  positive: { from: -30, to: 8, x: Math.exp, slope: Math.exp },
  unit: { from: -15, to: 15, x: sigmoid, slope: (t) => sigmoid(t) * sigmoid(-t) },
};
const NODES = 4_000;

const VALUES: Readonly<Record<Support, readonly number[]>> = {
  binary: [0, 1],
  categorical: [0, 1, 2],
  count: Array.from({ length: 1_000 }, (_, i) => i),
  unit: Array.from({ length: LEVELS }, (_, i) => i / (LEVELS - 1)),
  real: [],
  positive: [],
  "one-hot": [],
};

/** Of independent elements: each by itself, the mass as the product of theirs. */
const sumElements = (p: Distribution, points: readonly number[], volumes: readonly number[]): Moments => {
  const size = sizeOf(p.eventShape);
  const logProb = tf.tidy(() =>
    p.logProbElements!(tf.tile(tf.tensor(Float32Array.from(points), [points.length, 1]), [1, size])).dataSync(),
  );
  const sums = (power: number): number[] =>
    Array.from({ length: size }, (_, j) =>
      points.reduce((sum, x, i) => sum + Math.exp(logProb[i * size + j]!) * volumes[i]! * x ** power, 0),
    );
  return { mass: sums(0).reduce((product, each) => product * each, 1), mean: sums(1), meanSquare: sums(2) };
};

/** A mass over a support with independent elements. The values in [0, 1] are gray levels; counts go up to 999. */
export const sumSupport = (p: Distribution, support: Support): Moments =>
  sumElements(p, VALUES[support], Array(VALUES[support].length).fill(1) as number[]);

/** A density with independent elements. */
export const integrateElements = (p: Distribution, range: Range): Moments => {
  const { from, to, x, slope } = SUBSTITUTIONS[range];
  const step = (to - from) / NODES;
  const nodes = Array.from({ length: NODES + 1 }, (_, i) => from + i * step);
  return sumElements(
    p,
    nodes.map(x),
    nodes.map((t) => step * slope(t)),
  );
};
