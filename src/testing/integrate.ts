/** Total mass and moments of a distribution over one or two numbers, from nothing but its log-probabilities. */
import type { Distribution, LatentSupport } from "../contracts/distribution.js";
import { type Support, sizeOf } from "../tensor/fields.js";
import { LEVELS } from "../tensor/mathematics.js";
import { tf } from "../tensor/tensor.js";

export interface Moments {
  mass: number;
  /** By element of the event: the means of x, x^2 and x^4. */
  mean: number[];
  meanSquare: number[];
  meanFourth: number[];
}

/** All combinations of one entry of each list. */
export const combinations = <T>(lists: readonly (readonly T[])[]): T[][] =>
  lists.reduce<T[][]>((rows, list) => rows.flatMap((row) => list.map((each) => [...row, each])), [[]]);

interface WeightedRow {
  row: readonly number[];
  /** The volume that it stands for; 1 for a mass. */
  weight: number;
}
/** Rows one after another, because a plane has hundreds of thousands, and the volume that each stands for. */
interface WeightedRows {
  values: Float64Array;
  weights: Float64Array;
}
const joined = (rows: readonly WeightedRow[]): WeightedRows => ({
  values: new Float64Array(rows.flatMap(({ row }) => row)),
  weights: new Float64Array(rows.map(({ weight }) => weight)),
});
const counted = (rows: readonly number[][]): WeightedRows => joined(rows.map((row) => ({ row, weight: 1 })));

/** Sums of a density or of probabilities over rows; batch axes have length 1. */
const sumOver = (p: Distribution, { values, weights }: WeightedRows): Moments => {
  const size = sizeOf(p.eventShape);
  const shape = [weights.length, ...p.batchShape, ...p.eventShape];
  const logProb = tf.tidy(() => p.logProb(tf.tensor(new Float32Array(values), shape)).dataSync());
  const masses = weights.map((weight, i) => Math.exp(logProb[i]!) * weight);
  const means = (power: number): number[] =>
    Array.from({ length: size }, (_, j) =>
      masses.reduce((sum, mass, i) => sum + mass * values[i * size + j]! ** power, 0),
    );
  const mass = masses.reduce((sum, each) => sum + each, 0);
  return { mass, mean: means(1), meanSquare: means(2), meanFourth: means(4) };
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

/** Every combination of nodes; the last element moves first. */
const gridOf = (nodes: readonly Node[], dimensions: number): WeightedRows => {
  const n = nodes.length ** dimensions;
  const [values, weights] = [new Float64Array(n * dimensions), new Float64Array(n).fill(1)];
  for (let i = 0; i < n; i++) {
    for (let j = dimensions - 1, rest = i; j >= 0; j--, rest = Math.floor(rest / nodes.length)) {
      const { x, width } = nodes[rest % nodes.length]!;
      values[i * dimensions + j] = x;
      weights[i]! *= width;
    }
  }
  return { values, weights };
};

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

/** Where a density has its mass. */
export type Range = "real" | "positive" | "unit";
/** Points of the Poincaré ball in one or two dimensions, each with the hyperbolic volume that it stands for. */
const ballRows = (dimensions: number): WeightedRow[] => {
  if (dimensions === 1)
    return midpoints(-10, 10, 4000).map(({ x: distance, width }) => ({
      row: [Math.tanh(distance / 2)],
      weight: width,
    }));
  const turns = midpoints(0, 2 * Math.PI, 400);
  return midpoints(0, 9.5, 500).flatMap(({ x: distance, width }) =>
    turns.map(({ x: turn, width: along }) => ({
      row: [Math.cos, Math.sin].map((f) => f(turn) * Math.tanh(distance / 2)),
      weight: Math.sinh(distance) * width * along,
    })),
  );
};

/**
 * Over one or two numbers, points of a ball in one or two dimensions, or unit vectors in two or three dimensions. A finite support, or
 * one of zeros and ones, is summed over.
 */
export const integrate = (p: Distribution, support: LatentSupport | Range = "real"): Moments => {
  const size = sizeOf(p.eventShape);
  if (support === "sphere") return sumOver(p, joined(sphereRows(size)));
  if (support === "ball") return sumOver(p, joined(ballRows(size)));
  if (p.enumerate) return sumOver(p, counted(tf.reshape(p.enumerate(), [-1, size]).arraySync() as number[][]));
  if (p.discrete) return sumOver(p, counted(combinations(Array.from({ length: size }, () => [0, 1]))));
  const isLine = size === 1;
  const nodes =
    support === "positive" || support === "unit"
      ? nodesIn(support, isLine ? NODES : NODES / 10)
      : nodesOf(LATENT, isLine ? 0.002 : 0.02);
  return sumOver(p, gridOf(nodes, size));
};

const sigmoid = (t: number): number => 1 / (1 + Math.exp(-t));
/**
 * x = sinh t reaches 1e4 with nodes that stay dense near 0: tails that fall by a power of x are integrated too. x = exp t and
 * x = sigmoid t keep to the half-line and to the unit interval, and their nodes crowd where a density may be singular.
 */
const SUBSTITUTIONS: Readonly<Record<Range, Substitution>> = {
  real: { from: -10, to: 10, x: Math.sinh, slope: Math.cosh },
  positive: { from: -30, to: 20, x: Math.exp, slope: Math.exp },
  unit: { from: -15, to: 15, x: sigmoid, slope: (t) => sigmoid(t) * sigmoid(-t) },
};
const NODES = 4_000;
const nodesIn = (range: Range, count: number): Node[] => {
  const substitution = SUBSTITUTIONS[range];
  return nodesOf(substitution, (substitution.to - substitution.from) / count);
};

const VALUES: Readonly<Record<Exclude<Support, "one-hot">, readonly number[]>> = {
  binary: [0, 1],
  categorical: [0, 1, 2],
  count: Array.from({ length: 1_000 }, (_, i) => i),
  unit: Array.from({ length: LEVELS }, (_, i) => i / (LEVELS - 1)),
  real: [],
  positive: [],
};

/** Moments of independent elements: each is summed by itself, and the total mass is the product of their masses. */
const sumElements = (p: Distribution, points: readonly number[], volumes: readonly number[]): Moments => {
  const size = sizeOf(p.eventShape);
  const logProb = tf.tidy(() =>
    p.logProbElements!(tf.tile(tf.tensor(Float32Array.from(points), [points.length, 1]), [1, size])).dataSync(),
  );
  const sums = (power: number): number[] =>
    Array.from({ length: size }, (_, j) =>
      points.reduce((sum, x, i) => sum + Math.exp(logProb[i * size + j]!) * volumes[i]! * x ** power, 0),
    );
  const mass = sums(0).reduce((product, each) => product * each, 1);
  return { mass, mean: sums(1), meanSquare: sums(2), meanFourth: sums(4) };
};

/**
 * A mass over a support with independent elements, or over one one-hot vector. The values in [0, 1] are gray levels; counts go up to
 * 999.
 */
export const sumSupport = (p: Distribution, support: Support): Moments => {
  if (support === "one-hot") {
    return sumOver(p, counted(tf.eye(sizeOf(p.eventShape)).arraySync() as number[][]));
  }
  return sumElements(p, VALUES[support], Array(VALUES[support].length).fill(1) as number[]);
};

/** A density with independent elements. */
export const integrateElements = (p: Distribution, range: Range): Moments => {
  const nodes = nodesIn(range, NODES);
  return sumElements(
    p,
    nodes.map(({ x }) => x),
    nodes.map(({ width }) => width),
  );
};
