/**
 * Fills in what examples lack, by importance sampling (Rezende et al. 2014; Mattei & Frellsen 2019, eq. 12): with weights
 * w_k = p(x_observed, z_k) / q(z_k | x), a missing value is sum_k w_k E[x_missing | z_k] / sum_k w_k; of a label the likeliest
 * class. A draw takes z_k with the probability w_k / sum w, and then the missing values from p(x | z_k).
 */
import { outputsOf } from "../../inference/elbo-terms.js";
import { stream } from "../../numerics/streams.js";
import { sizeOf } from "../../tensor/fields.js";
import type { Trained } from "../evaluation/evaluation-program.js";
import { DRAWS, drawsProgram } from "./draws-program.js";
import type { PreparedExamples } from "./examples.js";
import type { KeptPrograms } from "./kept-programs.js";
import { batchRows } from "./prepared-rows.js";
import type { ScoreOptions } from "./scores.js";

export interface ImputeOptions extends ScoreOptions {
  /** Imputations that are drawn, instead of the mean. */
  draws: number;
}
type ByField = Record<string, Float32Array>;

/** ln sum_s w_s of each column of rows [S, size]. */
const logSums = (rows: ArrayLike<number>, drawn: number, size: number, count: number): Float64Array =>
  Float64Array.from({ length: count }, (_, i) => {
    let largest = Number.NEGATIVE_INFINITY;
    for (let s = 0; s < drawn; s++) largest = Math.max(largest, rows[s * size + i]!);
    let sum = 0;
    for (let s = 0; s < drawn; s++) sum += Math.exp(rows[s * size + i]! - largest);
    return largest + Math.log(sum);
  });

/** Keeps a weighted mean per example while chunks of draws come in. */
class RunningMeans {
  private readonly logTotals: Float64Array;
  private readonly means: Record<string, Float64Array> = {};

  constructor(private readonly count: number) {
    this.logTotals = new Float64Array(count).fill(Number.NEGATIVE_INFINITY);
  }

  add(start: number, logTotals: Float64Array, chunk: Readonly<Record<string, ArrayLike<number>>>, size: number): void {
    for (const [i, added] of logTotals.entries()) {
      const before = this.logTotals[start + i]!;
      const largest = Math.max(before, added);
      const total = largest + Math.log(Math.exp(before - largest) + Math.exp(added - largest));
      const share = Math.exp(added - total);
      this.logTotals[start + i] = total;
      for (const [field, values] of Object.entries(chunk)) {
        const width = values.length / size;
        const all = (this.means[field] ??= new Float64Array(this.count * width));
        for (let k = 0; k < width; k++) {
          const at = (start + i) * width + k;
          all[at] = all[at]! + share * (values[i * width + k]! - all[at]!);
        }
      }
    }
  }

  of(field: string): Float64Array {
    return this.means[field] ?? new Float64Array(0);
  }
}

/** The places of the largest of `classes` values, one for each example. */
const likeliest = (probabilities: Float64Array, classes: number): Float32Array =>
  Float32Array.from({ length: probabilities.length / classes }, (_, row) => {
    let best = 0;
    for (let c = 1; c < classes; c++)
      if (probabilities[row * classes + c]! > probabilities[row * classes + best]!) best = c;
    return best;
  });

/** The observed values, and `found` where there is none. */
const completed = ({ fields, observed }: PreparedExamples, found: ByField): ByField =>
  Object.fromEntries(
    Object.entries(found).map(([field, values]) => {
      const mask = observed[field];
      return [field, fields[field]!.map((value, i) => (mask?.[i] === 0 ? values[i]! : value))];
    }),
  );

/** @returns the generated fields, complete: one for each draw, or a single one of means */
export const imputeExamples = async (
  programs: KeptPrograms,
  trained: Trained,
  examples: PreparedExamples,
  { samples, seed, before = 0, draws, signal }: ImputeOptions,
): Promise<ByField[]> => {
  const { count } = examples;
  const { model } = trained;
  const outputs = Object.keys(outputsOf(model));
  const means = new RunningMeans(count);
  const widths = Object.fromEntries(outputs.map((field) => [field, sizeOf(model.fields[field]!.shape)]));
  const drawn: ByField[] = Array.from({ length: draws }, () =>
    Object.fromEntries(outputs.map((field) => [field, new Float32Array(count * widths[field]!)])),
  );
  // The largest of ln w + Gumbel noise is a draw with probabilities in proportion to w.
  const best = drawn.map(() => new Float64Array(count).fill(Number.NEGATIVE_INFINITY));
  const uniforms = drawn.map((_, draw) => stream(seed, `impute/draw/${draw}/${before}`));
  for (let repeat = 0; repeat < Math.ceil(samples / DRAWS); repeat++)
    await programs.call(
      draws > 0 ? "impute by draws" : "impute by means",
      () => drawsProgram(trained, draws > 0 ? { draws: true } : { means: true }),
      { seed, before, noise: `impute/${repeat}`, count, together: false, signal },
      ({ start, count, size }) => batchRows(model, examples, start, count, size),
      (found, { start, count: rows, size }) => {
        const logWeights = found.terms.logWeights;
        const perChunk = logWeights?.shape[0] ?? DRAWS;
        const weights = logWeights?.data ?? new Float32Array(perChunk * size);
        if (draws === 0) {
          const chunk = Object.fromEntries(Object.entries(found.means).map(([field, { data }]) => [field, data]));
          means.add(start, logSums(weights, perChunk, size, rows), chunk, size);
          return;
        }
        for (const [draw, into] of drawn.entries())
          for (let i = 0; i < rows; i++)
            for (let s = 0; s < perChunk; s++) {
              const chance = weights[s * size + i]! - Math.log(-Math.log(uniforms[draw]!()));
              if (!(chance > best[draw]![start + i]!)) continue;
              best[draw]![start + i] = chance;
              for (const field of outputs) {
                const width = widths[field]!;
                const from = (s * size + i) * width;
                into[field]!.set(found.draws[field]!.data.subarray(from, from + width), (start + i) * width);
              }
            }
      },
    );
  if (draws > 0) return drawn.map((each) => completed(examples, each));
  const byMeans = Object.fromEntries(
    outputs.map((field): [string, Float32Array] => {
      const { support, shape, classes = 0 } = model.fields[field]!;
      const isLabel = support === "categorical" && shape.length === 0;
      return [field, isLabel ? likeliest(means.of(field), classes) : Float32Array.from(means.of(field))];
    }),
  );
  return [completed(examples, byMeans)];
};
