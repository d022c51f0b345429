/** Distributions over single numbers against SciPy's, and draws against the density that claims them. */
import { expect } from "vitest";
import type { Distribution } from "../../src/contracts/distribution.js";
import type { Engine } from "../../src/engine/engine.js";
import { type Tensor, tf } from "../../src/tensor/tensor.js";
import { expectGradient, noiseOf, tensorOf, valuesOf } from "./tensors.js";

export interface DensityRow {
  parameters: readonly number[];
  values: readonly number[];
  logProb: readonly (number | null)[];
  /** Null where it is infinite. */
  mean: number | null;
  variance: number | null;
}
type Make = (...parameters: Tensor[]) => Distribution;

const made = (make: Make, parameters: readonly number[]): Distribution =>
  make(...parameters.map((each) => tf.scalar(each)));

/** The largest error of log-probabilities, means and variances, relative to the larger of 1 and what SciPy has. */
export const largestError = (make: Make, rows: readonly DensityRow[]): number => {
  const errors = rows.flatMap(({ parameters, values, logProb, mean, variance }) => {
    const p = made(make, parameters);
    const error = (value: number, wanted: number | null): number =>
      wanted === null ? Number(Number.isFinite(value)) : Math.abs(value - wanted) / Math.max(1, Math.abs(wanted));
    return [
      ...valuesOf(p.logProbElements!(tensorOf(values))).map((value, i) => error(value, logProb[i]!)),
      ...(p.mean ? [error(valuesOf(p.mean())[0]!, mean)] : []),
      ...(p.variance ? [error(valuesOf(p.variance())[0]!, variance)] : []),
    ];
  });
  expect(errors.length).toBeGreaterThan(rows.length);
  expect(errors.every(Number.isFinite)).toBe(true);
  return Math.max(...errors);
};

/** In each parameter and, for a density, in the value. */
export const expectGradients = (make: Make, parameters: readonly number[][], value: readonly number[]): void => {
  const tensors = parameters.map((each) => tensorOf(each));
  const x = tensorOf(value);
  for (const [i, parameter] of tensors.entries())
    expectGradient((moved) => tf.mean(make(...tensors.with(i, moved)).logProbElements!(x)), parameter);
  if (!make(...tensors).discrete) expectGradient((moved) => tf.mean(make(...tensors).logProbElements!(moved)), x);
};

const DRAWS = 40_000;
const BINS = 20;
const POINTS = 400;

/** Five standard errors of a frequency, one time in 1.7 million. */
const expectFrequency = (frequency: number, probability: number): void =>
  expect(Math.abs(frequency - probability)).toBeLessThan(
    5 * Math.sqrt((probability * (1 - probability)) / DRAWS) + 1e-4,
  );

/** Draws of one number fall where `logProb` says: in bins between quantiles of other draws, or on each value of a mass. */
export const expectDrawsFit = (
  engine: Engine,
  p: Pick<Distribution, "discrete" | "sample" | "logProbElements">,
): void => {
  const draws = valuesOf(p.sample(noiseOf(engine, 4), "x", [DRAWS]));
  const probabilities = (points: readonly number[]): number[] => valuesOf(tf.exp(p.logProbElements!(tensorOf(points))));
  if (p.discrete) {
    const counts = new Map<number, number>();
    for (const draw of draws) counts.set(draw, (counts.get(draw) ?? 0) + 1);
    const values = [...counts.keys()];
    const expected = probabilities(values);
    expected.forEach((probability, i) => {
      expectFrequency(counts.get(values[i]!)! / DRAWS, probability);
    });
    // Nothing likely is never drawn.
    expect(expected.reduce((sum, each) => sum + each, 0)).toBeGreaterThan(0.99);
    return;
  }
  const sorted = valuesOf(p.sample(noiseOf(engine, 5), "x", [DRAWS])).sort((a, b) => a - b);
  const edges = Array.from({ length: BINS - 1 }, (_, i) => sorted[Math.floor(((i + 1) * DRAWS) / BINS)]!);
  let between = 0;
  for (let i = 0; i + 1 < edges.length; i++) {
    const [low, high] = [edges[i]!, edges[i + 1]!];
    const width = (high - low) / POINTS;
    const density = probabilities(Array.from({ length: POINTS }, (_, j) => low + (j + 0.5) * width));
    const probability = density.reduce((sum, each) => sum + each * width, 0);
    expectFrequency(draws.filter((draw) => draw >= low && draw < high).length / DRAWS, probability);
    between += probability;
  }
  expect(Math.abs(between - (1 - 2 / BINS))).toBeLessThan(0.02);
};
