/** Whether draws of a distribution are what its log-probabilities say: their moments, and how often they fall where. */
import type { Distribution } from "../contracts/distribution.js";
import type { Engine } from "../engine/engine.js";
import { tf } from "../tensor/tensor.js";
import { assertThat } from "./assertions.js";
import { combinations } from "./integrate.js";
import { noiseOf } from "./values.js";

/** Enough to see a probability that is off by a hundredth. */
const FITTED = 40_000;
/** One time in 1.7 million, a mean strays further. */
const STANDARD_ERRORS = 5;

type Drawn = Pick<Distribution, "batchShape" | "eventShape" | "discrete" | "sample" | "logProb">;

/** Draws as rows of elements; axes of the batch have length 1. */
export const drawRows = (engine: Engine, p: Pick<Drawn, "sample">, seed = 4): number[][] =>
  tf.tidy(() => tf.reshape(p.sample(noiseOf(engine, seed), "draws", [FITTED]), [FITTED, -1]).arraySync() as number[][]);

/** The mean of independent values is the expected one. @param variance of one value; theirs, unless it is known */
export const assertMean = (what: string, values: readonly number[], expected: number, variance?: number): void => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const spread = variance ?? values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  const tolerance = STANDARD_ERRORS * Math.sqrt(Math.max(0, spread) / values.length) + 1e-6;
  assertThat(
    Math.abs(mean - expected) < tolerance,
    `the mean of ${what} over ${values.length} draws is ${mean}, expected ${expected} within ${tolerance}`,
  );
};

const assertFrequency = (where: string, count: number, probability: number): void => {
  const frequency = count / FITTED;
  const tolerance = STANDARD_ERRORS * Math.sqrt((probability * (1 - probability)) / FITTED) + 1e-4;
  assertThat(
    Math.abs(frequency - probability) < tolerance,
    `${frequency} of ${FITTED} draws fall ${where}, where logProb has the mass ${probability}, within ${tolerance}`,
  );
};

/** Probabilities or densities at rows of elements. */
const massesAt = (p: Drawn, rows: readonly number[][]): Float32Array =>
  tf.tidy(() => {
    const values = tf.tensor(Float32Array.from(rows.flat()), [rows.length, ...p.batchShape, ...p.eventShape]);
    return tf.exp(p.logProb(values)).dataSync<"float32">();
  });

const assertMassFits = (p: Drawn, rows: readonly number[][]): void => {
  const counts = new Map<string, { row: number[]; count: number }>();
  for (const row of rows) {
    const key = row.join();
    counts.set(key, { row, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  const values = [...counts.values()];
  const masses = massesAt(
    p,
    values.map(({ row }) => row),
  );
  values.forEach(({ row, count }, i) => {
    assertFrequency(`on [${row}]`, count, masses[i]!);
  });
  const total = masses.reduce((sum, mass) => sum + mass, 0);
  assertThat(total > 0.99, `logProb has the mass ${total} on all values drawn: a likely value is never drawn`);
};

/** Quantile bins and midpoints of each, by number of elements: the outermost bins, which may be endless, are left out. */
const RULES: Readonly<Record<number, { bins: number; points: number }>> = {
  1: { bins: 20, points: 400 },
  2: { bins: 6, points: 40 },
};
interface Interval {
  low: number;
  high: number;
}
/** Intervals between quantiles of each element, of other draws than those that are counted. */
const intervalsOf = (rows: readonly number[][], bins: number): Interval[][] =>
  rows[0]!.map((_, j) => {
    const sorted = new Float64Array(rows.map((row) => row[j]!)).sort();
    const edges = Array.from({ length: bins - 1 }, (__, i) => sorted[Math.floor(((i + 1) * rows.length) / bins)]!);
    return edges.slice(1).map((high, i) => ({ low: edges[i]!, high }));
  });

const assertDensityFits = (engine: Engine, p: Drawn, rows: readonly number[][]): void => {
  const { bins, points } = RULES[rows[0]!.length]!;
  for (const cell of combinations(intervalsOf(drawRows(engine, p, 5), bins))) {
    const midpoints = combinations(
      cell.map(({ low, high }) => Array.from({ length: points }, (_, i) => low + ((i + 0.5) * (high - low)) / points)),
    );
    const volume = cell.reduce((product, { low, high }) => (product * (high - low)) / points, 1);
    const mass = massesAt(p, midpoints).reduce((sum, density) => sum + density * volume, 0);
    const count = rows.filter((row) => row.every((x, j) => x >= cell[j]!.low && x < cell[j]!.high)).length;
    assertFrequency(`in ${cell.map(({ low, high }) => `[${low}, ${high})`).join(" x ")}`, count, mass);
  }
};

/**
 * Goodness of fit: draws of one or two numbers, or of whichever discrete values, fall as often as logProb says. @param rows what
 * `drawRows` drew from it
 */
export const assertDrawsFit = (engine: Engine, p: Drawn, rows = drawRows(engine, p)): void => {
  if (p.discrete) assertMassFits(p, rows);
  else assertDensityFits(engine, p, rows);
};
