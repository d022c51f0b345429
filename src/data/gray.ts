/**
 * Transformations of gray values in [0, 1], shared by all image data sets:
 *
 * - `binarize`: a value p is read as a probability (Salakhutdinov & Murray 2008). "static": one Bernoulli(p) draw, keyed by
 * `data.seed` (Larochelle & Murray 2011); "stochastic": training draws again each time, evaluation keeps the static draw
 * (Burda et al. 2016); "threshold": 1 if p >= 0.5; "none": gray. Likelihoods under these differ by nats: never compare across
 * them.
 * - `dequantize`: an 8-bit gray level k becomes (k + u) / 256, u uniform in [0, 1): drawn again each time in training, by `data.seed`
 * in evaluation. A density of that value bounds the mass of k (Theis et al. 2016, section 3.1): see `bitsPerDimension`.
 */
import type { Dataset } from "../contracts/dataset.js";
import type { Unseen } from "../contracts/unseen.js";
import { stream } from "../numerics/streams.js";
import type { Support } from "../tensor/fields.js";
import { LEVELS } from "../tensor/mathematics.js";
import { tf } from "../tensor/tensor.js";
import type { Source } from "./split.js";

export const BINARIZE = ["static", "stochastic", "threshold", "none"] as const;
export type Binarize = (typeof BINARIZE)[number];

/** Schema of `data.seed`. */
export const seedField = (description: string) =>
  ({ type: "integer", minimum: 0, maximum: 4294967295, default: 0, description }) as const;

export const supportOf = (binarize: unknown): Support => (binarize === "none" ? "unit" : "binary");

type Transform = NonNullable<Dataset["transform"]>;

/** Runs inside a training step: one Bernoulli draw per value of the field. */
export const drawBits =
  (field: string): Transform =>
  (fields, noise) => {
    const gray = fields[field];
    if (!gray) return fields;
    return { ...fields, [field]: tf.cast(tf.less(noise.uniform("binarize", gray.shape), gray), "float32") };
  };

/** Runs inside a training step: k becomes (k + u) / 256. */
const addNoise =
  (field: string): Transform =>
  (fields, noise) => {
    const levels = fields[field];
    if (!levels) return fields;
    return { ...fields, [field]: tf.div(tf.add(levels, noise.uniform("dequantize", levels.shape)), LEVELS) };
  };

export const threshold = (p: number): number => (p >= 0.5 ? 1 : 0);

/** A source that maps every value of another source. `at` receives the example first. */
const mapped = ({ width, fill }: Source, at: (row: number) => (value: number) => number): Source => ({
  width,
  fill: (row, out, start) => {
    fill(row, out, start);
    const value = at(row);
    for (let i = start; i < start + width; i++) out[i] = value(out[i]!);
  },
});

export interface Prepared {
  training: Source;
  evaluation: Source;
  transform?: Transform;
}

/** @param gray values in [0, 1]; with `dequantize`, multiples of 1 / 255. */
export const prepareGray = (
  field: string,
  gray: Source,
  { binarize, dequantize = false, seed }: { binarize: Binarize; dequantize?: boolean; seed: number },
): Prepared => {
  if (binarize === "none" && !dequantize) return { training: gray, evaluation: gray };
  if (binarize === "threshold") {
    const bits = mapped(gray, () => threshold);
    return { training: bits, evaluation: bits };
  }
  if (dequantize) {
    // One stream per example, so that each can be read alone.
    const levels = mapped(gray, () => (value) => Math.round(value * (LEVELS - 1)));
    const evaluation = mapped(levels, (row) => {
      const uniform = stream(seed, `data/dequantize/${row}`);
      return (level) => (level + uniform()) / LEVELS;
    });
    return { training: levels, evaluation, transform: addNoise(field) };
  }
  const evaluation = mapped(gray, (row) => {
    const uniform = stream(seed, `data/binarize/${row}`);
    return (p) => (p === 0 || p === 1 ? p : uniform() < p ? 1 : 0);
  });
  if (binarize === "static") return { training: evaluation, evaluation };
  return { training: gray, evaluation, transform: drawBits(field) };
};

/**
 * Prepares values that the data set does not hold as those of the evaluation splits are: the draw of an example is keyed by `seed`
 * and its number.
 * @param scale divisor of all values, if the spec gives one; else bytes are divided by 255
 */
export const unseenGray = ({ binarize, dequantize, seed, scale }: Readonly<Record<string, unknown>>): Unseen => ({
  prepare: (_, values, { example, bytes }) => {
    const divisor = scale === undefined ? (bytes ? LEVELS - 1 : 1) : Number(scale);
    const draws = { binarize: (binarize ?? "none") as Binarize, dequantize: dequantize === true, seed: Number(seed) };
    const given: Source = {
      width: values.length,
      fill: (_row, out, at) => {
        for (let i = 0; i < values.length; i++) out[at + i] = values[i]! / divisor;
      },
    };
    prepareGray("", given, draws).evaluation.fill(example, values, 0);
  },
});
