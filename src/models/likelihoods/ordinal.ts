/**
 * Ordered categories by cumulative logits, in nats: P(x_j <= k | z) = sigmoid(t_{k+1} - m_j(z)) with learned thresholds t_1 < ... < t_{K-1}.
 * With w_k = t_{k+1} - t_k, the log-probability of an inner category is
 *
 *     ln(1 - exp(-w_k)) - softplus(m - t_{k+1}) - softplus(t_k - m)
 *
 * where nothing cancels. The first and the last category lack one softplus and the width.
 */
import { CategoryCodes } from "../../distributions/category-codes.js";
import { defineLikelihood } from "../../spec/define.js";
import type { Shape } from "../../tensor/fields.js";
import type { Initializer } from "../../tensor/initializers.js";
import type { ParameterScope } from "../../tensor/parameters.js";
import { type Tensor, tf } from "../../tensor/tensor.js";
import { supportRefusal } from "./supports.js";

/** Least distance of two thresholds, so that each category keeps a finite log-probability. */
const LEAST_WIDTH = 1e-6;

/** The same values for each element. */
const repeated =
  (values: readonly number[]): Initializer =>
  (shape) =>
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => values[i % values.length]!);

/** Thresholds at which all categories are equally likely where m is 0: ln(k / (K - k)). */
const evenly = (classes: number): number[] =>
  Array.from({ length: classes - 1 }, (_, i) => Math.log((i + 1) / (classes - i - 1)));

interface Thresholds {
  /** [..., 1]. */
  first: Tensor;
  /** Widths of the inner categories, [..., K - 2]; absent of two categories. */
  widths: Tensor | undefined;
}

/** @param shape of the elements that have thresholds of their own; [] if all share them */
const thresholds = (classes: number, shape: Shape, parameters: ParameterScope): (() => Thresholds) => {
  const even = evenly(classes);
  const first = parameters("first-threshold", [...shape, 1], repeated(even.slice(0, 1)));
  if (classes === 2) return () => ({ first: first.value, widths: undefined });
  // The inverse of softplus.
  const excess = even.slice(1).map((t, i) => Math.log(Math.expm1(t - even[i]!)));
  const widths = parameters("threshold-widths", [...shape, classes - 2], repeated(excess));
  return () => ({ first: first.value, widths: tf.add(tf.softplus(widths.value), LEAST_WIDTH) });
};

/** Log-probabilities [..., K] at locations [...]. */
const logProbabilities = (location: Tensor, { first, widths }: Thresholds): Tensor => {
  const m = tf.expandDims(location, -1);
  // A positive axis, because cumsum on cpu and wasm rejects negative ones.
  const all = widths ? tf.concat([first, tf.add(first, tf.cumsum(widths, widths.rank - 1))], -1) : first;
  const distance = tf.sub(all, m);
  const none = tf.zerosLike(m);
  const below = tf.concat([tf.softplus(tf.neg(distance)), none], -1);
  const above = tf.concat([none, tf.softplus(distance)], -1);
  const tails = tf.add(below, above);
  if (!widths) return tf.neg(tails);
  const inner = tf.log(tf.neg(tf.expm1(tf.neg(widths))));
  const end = tf.zerosLike(first);
  return tf.sub(tf.concat([end, inner, end], -1), tails);
};

export const ordinal = defineLikelihood({
  schema: {
    type: "object",
    title: "ordinal with independent elements",
    description:
      "Ordered categories as codes 0 ... K - 1: the decoder gives a location, and learned thresholds cut the line",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "ordinal" },
      thresholds: {
        enum: ["shared", "element"],
        default: "shared",
        description: "Learned thresholds: one set shared by all elements, or one per element",
      },
    },
  },
  formula: "P(x <= k | z) = sigmoid(t_{k+1} - m(z)), t_1 < ... < t_{K-1}",
  source: "McCullagh 1980, equation 1.1; in a VAE: Nazabal et al. 2020, section 2.2",
  capabilities: () => ["density"],
  refuses: (_, field) =>
    supportRefusal("an ordinal likelihood needs ordered categories as codes", ["categorical"], field),
  create: ({ thresholds: own }, { field: { shape, classes }, parameters }) => {
    const at = thresholds(classes!, own === "element" ? shape : [], parameters);
    return {
      outputs: shape,
      at: (location) => new CategoryCodes(logProbabilities(location, at()), shape.length),
    };
  },
});
