/** Total mass and moments of a distribution over one or two numbers, from nothing but its log-probabilities. */
import type { Distribution, LatentSupport } from "../../../src/contracts/distribution.js";
import { type Support, sizeOf } from "../../../src/tensor/fields.js";
import { LEVELS } from "../../../src/tensor/mathematics.js";
import { tf } from "../../../src/tensor/tensor.js";

export interface Moments {
  mass: number;
  /** By element of the event. */
  mean: number[];
  meanSquare: number[];
}

/** All combinations of the nodes, one row each. */
const grid = <T>(nodes: readonly T[], dimensions: number): T[][] =>
  dimensions === 0 ? [[]] : grid(nodes, dimensions - 1).flatMap((row) => nodes.map((node) => [...row, node]));

interface WeightedRow {
  row: readonly number[];
  /** The volume that it stands for; 1 for a mass. */
  weight: number;
}

/** Sums of a density or of probabilities over rows; batch axes have length 1. */
const sumOver = (p: Distribution, rows: readonly WeightedRow[]): Moments => {
  const size = sizeOf(p.eventShape);
  const shape = [rows.length, ...p.batchShape, ...p.eventShape];
  const logProb = tf.tidy(() =>
    p.logProb(tf.tensor(Float32Array.from(rows.flatMap(({ row }) => row)), shape)).dataSync(),
  );
  const moments: Moments = { mass: 0, mean: Array(size).fill(0), meanSquare: Array(size).fill(0) };
  rows.forEach(({ row, weight }, i) => {
    const mass = Math.exp(logProb[i]!) * weight;
    moments.mass += mass;
    row.forEach((value, j) => {
      moments.mean[j]! += mass * value;
      moments.meanSquare[j]! += mass * value * value;
    });
  });
  return moments;
};

/** The integral over x is the sum of f(x(t)) dx/dt over evenly spaced t. */
interface Substitution {
  from: number;
  to: number;
  x(t: number): number;
  slope(t: number): number;
}
interface Node {
  x: number;
  width: number;
}
const nodesOf = ({ from, to, x, slope }: Substitution, step: number): Node[] =>
  Array.from({ length: Math.round((to - from) / step) + 1 }, (_, i) => {
    const t = from + i * step;
    return { x: x(t), width: step * slope(t) };
  });

/** x = sinh t reaches 45 with nodes that are dense near 0. A kink at 0 lies halfway between two, where it costs least. */
const LATENT: Substitution = { from: -4.49, to: 4.49, x: Math.sinh, slope: Math.cosh };

/** Midpoints of so many intervals of equal width. */
const midpoints = (from: number, to: number, count: number): Node[] =>
  Array.from({ length: count }, (_, i) => ({
    x: from + ((i + 0.5) * (to - from)) / count,
    width: (to - from) / count,
  }));

/** Points of a circle or of a sphere in 3 dimensions, each with the length or the area that it stands for. */
const sphereRows = (dimensions: number): WeightedRow[] => {
  const turns = midpoints(0, 2 * Math.PI, dimensions === 2 ? 2000 : 200);
  const circle = turns.map(({ x, width }) => ({ row: [Math.cos(x), Math.sin(x)], weight: width }));
  if (dimensions === 2) return circle;
  return midpoints(-1, 1, 400).flatMap(({ x: height, width }) =>
    circle.map(({ row, weight }) => ({
      row: [...row.map((each) => each * Math.sqrt(1 - height * height)), height],
      weight: weight * width,
    })),
  );
};

/**
 * Over one or two numbers, or unit vectors in two or three dimensions. A finite support, or one of zeros and ones, is summed over.
 */
export const integrate = (p: Distribution, support: LatentSupport = "real"): Moments => {
  const size = sizeOf(p.eventShape);
  if (support === "sphere") return sumOver(p, sphereRows(size));
  const sum = (rows: readonly number[][]): Moments =>
    sumOver(
      p,
      rows.map((row) => ({ row, weight: 1 })),
    );
  if (p.enumerate) return sum(tf.reshape(p.enumerate(), [-1, size]).arraySync() as number[][]);
  if (p.discrete) return sum(grid([0, 1], size));
  const nodes = nodesOf(LATENT, size === 1 ? 0.002 : 0.02);
  const rows = grid(nodes, size).map((row) => ({
    row: row.map(({ x }) => x),
    weight: row.reduce((product, { width }) => product * width, 1),
  }));
  return sumOver(p, rows);
};

/** Where a density has its mass. */
export type Range = "real" | "positive" | "unit";

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

const VALUES: Readonly<Record<Exclude<Support, "one-hot">, readonly number[]>> = {
  binary: [0, 1],
  categorical: [0, 1, 2],
  count: Array.from({ length: 1_000 }, (_, i) => i),
  unit: Array.from({ length: LEVELS }, (_, i) => i / (LEVELS - 1)),
  real: [],
  positive: [],
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

/**
 * A mass over a support with independent elements, or over one one-hot vector. The values in [0, 1] are gray levels; counts go up to
 * 999.
 */
export const sumSupport = (p: Distribution, support: Support): Moments => {
  if (support === "one-hot") {
    const rows = tf.eye(sizeOf(p.eventShape)).arraySync() as number[][];
    return sumOver(
      p,
      rows.map((row) => ({ row, weight: 1 })),
    );
  }
  return sumElements(p, VALUES[support], Array(VALUES[support].length).fill(1) as number[]);
};

/** A density with independent elements. */
export const integrateElements = (p: Distribution, range: Range): Moments => {
  const substitution = SUBSTITUTIONS[range];
  const nodes = nodesOf(substitution, (substitution.to - substitution.from) / NODES);
  return sumElements(
    p,
    nodes.map(({ x }) => x),
    nodes.map(({ width }) => width),
  );
};
