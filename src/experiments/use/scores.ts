/** Scores of examples by a trained model, in nats per example. */
import { WeightSums } from "../../numerics/weight-sums.js";
import type { Trained } from "../evaluation/evaluation-program.js";
import { DRAWS, drawsProgram } from "./draws-program.js";
import type { PreparedExamples } from "./examples.js";
import type { KeptPrograms } from "./kept-programs.js";
import { batchRows } from "./prepared-rows.js";

/** One value per example. */
export interface Scores {
  /** Importance-sampled -ln p(x), an upper bound in expectation (Burda et al. 2016, eq. 8). Absent where q has no density. */
  nll?: Float32Array;
  /** (sum w)^2 / sum w^2 of its weights: below 10 the bound is loose. */
  effectiveSampleSize?: Float32Array;
  /** The evidence lower bound, -(distortion + rate). Absent where q has no density. */
  elbo?: Float32Array;
  /** KL(q(z | x) || p(z)). */
  rate?: Float32Array;
  /** -E_q ln p(x | z). */
  distortion: Float32Array;
  /** E_q || x - E[x | z] ||^2 over the observed values, in squared units of the model's data. Absent where the likelihood has no mean. */
  squaredError?: Float32Array;
}

export interface ScoreOptions {
  /** Draws of z per example; rounded up to a multiple of 10. */
  samples: number;
  seed: number;
  /** Rows of earlier calls, whose noise goes on. */
  before?: number;
  signal?: AbortSignal | undefined;
}

/** Adds `values` / `repeats` to an array from `start` on. */
const average = (
  into: Float64Array,
  values: ArrayLike<number>,
  start: number,
  count: number,
  repeats: number,
): void => {
  for (let i = 0; i < count; i++) into[start + i] = into[start + i]! + values[i]! / repeats;
};

export const scoreExamples = async (
  programs: KeptPrograms,
  trained: Trained,
  examples: PreparedExamples,
  { samples, signal, ...keyed }: ScoreOptions,
): Promise<Scores> => {
  const { count } = examples;
  const repeats = Math.ceil(samples / DRAWS);
  const averages: Record<string, Float64Array> = {};
  const sums = new WeightSums(count);
  for (let repeat = 0; repeat < repeats; repeat++)
    await programs.call(
      "score",
      () => drawsProgram(trained),
      { ...keyed, noise: `score/${repeat}`, count, together: false, signal },
      ({ start, count, size }) => batchRows(trained.model, examples, start, count, size),
      ({ terms: { logWeights, ...terms } }, { start, count: rows, size }) => {
        for (const [name, { data }] of Object.entries(terms))
          average((averages[name] ??= new Float64Array(count)), data, start, rows, repeats);
        if (!logWeights) return;
        const drawn = logWeights.shape[0]!;
        for (let s = 0; s < drawn; s++)
          for (let i = 0; i < rows; i++) sums.add(start + i, logWeights.data[s * size + i]!);
      },
    );
  const { distortion = new Float64Array(count), rate, squaredError } = averages;
  return {
    distortion: Float32Array.from(distortion),
    ...(rate && {
      rate: Float32Array.from(rate),
      elbo: Float32Array.from(distortion, (value, i) => -(value + rate[i]!)),
      // An enumerated latent lengthens the axis of draws without adding any: its values are summed over.
      ...sums.estimate(repeats * DRAWS),
    }),
    ...(squaredError && { squaredError: Float32Array.from(squaredError) }),
  };
};
