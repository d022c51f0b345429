/** Distributions over single numbers against SciPy's, and draws against the density that claims them. */
import { expect } from "vitest";
import type { Distribution } from "../../src/contracts/distribution.js";
import type { Engine } from "../../src/engine/engine.js";
import { type Tensor, tf } from "../../src/tensor/tensor.js";
import { assertDrawsFit } from "../../src/testing/draws.js";
import { expectGradient, tensorOf, valuesOf } from "./tensors.js";

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

/** Draws of one number fall where `logProbElements` says. */
export const expectDrawsFit = (
  engine: Engine,
  p: Pick<Distribution, "discrete" | "sample" | "logProbElements">,
): void =>
  assertDrawsFit(engine, {
    batchShape: [],
    eventShape: [],
    ...(p.discrete && { discrete: p.discrete }),
    sample: (...args) => p.sample(...args),
    logProb: (value) => p.logProbElements!(value),
  });
