/** Whether log-probabilities are those of the draws: the support, the total mass, moments, and how often draws fall where. */
import type { Distribution, LatentSupport } from "../contracts/distribution.js";
import type { Engine } from "../engine/engine.js";
import { type Support, sizeOf } from "../tensor/fields.js";
import { assertNear, assertThat } from "./assertions.js";
import { assertDrawsFit, assertMean, drawRows } from "./draws.js";
import { integrate, type Moments, sumSupport } from "./integrate.js";

/** Where the values of a distribution lie. */
export type ValueSupport = LatentSupport | Support;

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
/** |v|^2 */
const square = (vector: readonly number[]): number => sum(vector.map((value) => value * value));
const isBit = (value: number): boolean => value === 0 || value === 1;
/** Whether a vector along the last axis of an event lies in a support; of others nothing is known. */
const HOLDS: Readonly<Partial<Record<ValueSupport, (vector: readonly number[]) => boolean>>> = {
  real: (vector) => vector.every(Number.isFinite),
  positive: (vector) => vector.every((value) => value > 0),
  unit: (vector) => vector.every((value) => value >= 0 && value <= 1),
  count: (vector) => vector.every((value) => value >= 0 && Number.isInteger(value)),
  binary: (vector) => vector.every(isBit),
  "one-hot": (vector) => vector.every(isBit) && sum(vector) === 1,
  simplex: (vector) => vector.every((value) => value >= 0) && Math.abs(sum(vector) - 1) < 1e-4,
  sphere: (vector) => Math.abs(square(vector) - 1) < 1e-4,
  ball: (vector) => square(vector) < 1,
};

const assertSupport = (rows: readonly number[][], length: number, support: ValueSupport): void => {
  const outside = rows.find((row) =>
    Array.from({ length: row.length / length }, (_, i) => row.slice(i * length, (i + 1) * length)).some(
      (vector) => HOLDS[support]?.(vector) === false,
    ),
  );
  assertThat(outside === undefined, `the draw [${outside}] lies outside the support, expected "${support}"`);
};

/** Most elements of an event that a rule of `integrate` covers, by support. */
const LARGEST: Readonly<Partial<Record<ValueSupport, number>>> = { real: 2, positive: 2, unit: 2, sphere: 3, ball: 2 };

/** Total mass and moments. @throws CONTRACT at events with more elements than can be integrated over */
const momentsOf = (p: Distribution, support: ValueSupport): Moments | undefined => {
  if (support === "count") return sumSupport(p, support);
  if (p.enumerate || p.discrete) return integrate(p);
  const isIntegrated = (each: ValueSupport): each is "real" | "positive" | "unit" | "sphere" | "ball" =>
    each in LARGEST;
  if (!isIntegrated(support)) return undefined;
  const [size, most] = [sizeOf(p.eventShape), LARGEST[support]!];
  assertThat(size <= most, `an event has ${size} elements, and over ${most} at most is integrated: try smaller events`);
  return integrate(p, support);
};

/** The moments of draws, and `mean` and `variance` where there are any, are those of the log-probabilities. */
export const assertMoments = (p: Distribution, rows: readonly (readonly number[])[], moments: Moments): void => {
  const [means, variances] = [p.mean?.().dataSync(), p.variance?.().dataSync()];
  moments.mean.forEach((mean, j) => {
    const values = rows.map((row) => row[j]!);
    const meanSquare = moments.meanSquare[j]!;
    const variance = meanSquare - mean ** 2;
    // Heavy tails have no sample variance to go by: the errors are those that the density gives.
    assertMean(`element ${j}`, values, mean, variance);
    const squares = values.map((value) => value * value);
    assertMean(`the square of element ${j}`, squares, meanSquare, moments.meanFourth[j]! - meanSquare ** 2);
    if (means) assertNear(`mean() at ${j}, beside the integral,`, [means[j]!], [mean], 1e-4);
    if (variances) assertNear(`variance() at ${j}, beside the integral,`, [variances[j]!], [variance], 1e-3);
  });
};

/**
 * Draws lie in the support. Over one or two real, positive or unit numbers, over circles and spheres, over the Poincaré ball in one or two
 * dimensions, and over discrete values, the mass is 1, draws have the moments that logProb says, and, spheres and balls apart, fall as often
 * where. Axes of the batch have length 1.
 */
export const assertDensity = (engine: Engine, p: Distribution, support: ValueSupport): void => {
  const rows = drawRows(engine, p);
  assertSupport(rows, p.eventShape.at(-1) ?? 1, support);
  const moments = momentsOf(p, support);
  if (!moments) return;
  assertNear("the total mass", [moments.mass], [1], 1e-4);
  assertMoments(p, rows, moments);
  if (support !== "sphere" && support !== "ball") assertDrawsFit(engine, p, rows);
};
