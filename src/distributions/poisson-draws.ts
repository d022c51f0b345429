/**
 * Draws from Poisson distributions with means up to 2^23, in a fixed number of operations, because a captured step has no loop that
 * depends on values:
 *
 *     mean <= 10  inversion of the cumulative probabilities at one uniform; counts above 32 have a probability below 1e-8 and become 32
 *     mean > 10   transformed rejection (Hörmann 1993, algorithm PTRS): the first accepted of 12 proposals. One is rejected with probability
 *                 0.25 at a mean of 10 and less beyond, so all are with a probability below 6e-8; the last one then stands
 *
 * Counts above 2^24 are no single-precision numbers, so a larger mean gives NaN.
 */
import type { Shape } from "../tensor/fields.js";
import type { Noise } from "../tensor/keyed-noise.js";
import { type Tensor, tf } from "../tensor/tensor.js";
import { openUniform } from "./elementwise.js";
import { firstAccepted } from "./first-accepted.js";
import { logPoisson } from "./log-poisson.js";

/** Largest mean that is drawn from. */
export const MOST_MEAN = 2 ** 23;
const BORDER = 10;
const MOST_INVERTED = 32;
const PROPOSALS = 12;

/** @param mean up to BORDER */
const inverted = (uniform: Tensor, mean: Tensor): Tensor => {
  let probability = tf.exp(tf.neg(mean));
  let below = probability;
  let count = tf.cast(tf.greaterEqual(uniform, below), "float32");
  for (let k = 1; k < MOST_INVERTED; k++) {
    probability = tf.mul(probability, tf.div(mean, k));
    below = tf.add(below, probability);
    count = tf.add(count, tf.cast(tf.greaterEqual(uniform, below), "float32"));
  }
  return count;
};

/** @param mean from BORDER on. `u` and `v`: uniform draws [...shape, PROPOSALS]. */
const rejected = (u: Tensor, v: Tensor, mean: Tensor): Tensor => {
  const wide = tf.expandDims(mean, -1);
  const b = tf.add(tf.mul(tf.sqrt(wide), 2.53), 0.931);
  const a = tf.sub(tf.mul(b, 0.02483), 0.059);
  const centered = tf.sub(u, 0.5);
  const toEdge = tf.sub(0.5, tf.abs(centered));
  const transformed = tf.mul(tf.add(tf.div(tf.mul(a, 2), toEdge), b), centered);
  const counts = tf.floor(tf.add(tf.add(transformed, wide), 0.43));
  const inverseAlpha = tf.add(tf.div(1.1328, tf.sub(b, 3.4)), 1.1239);
  const slope = tf.add(tf.div(a, tf.square(toEdge)), b);
  const bound = tf.log(tf.div(tf.mul(v, inverseAlpha), slope));
  const isCount = tf.greaterEqual(counts, 0);
  const accepted = tf.lessEqual(bound, logPoisson(tf.maximum(counts, 0), tf.log(wide)));
  return firstAccepted(counts, tf.logicalAnd(isCount, accepted));
};

/** @param mean which broadcasts against [...shape]. @returns [...shape] */
export const poissonDraws = (noise: Noise, site: string, mean: Tensor, shape: Shape): Tensor => {
  const few = inverted(openUniform(noise, `${site}/few`, shape), tf.minimum(mean, BORDER));
  const proposals = (name: string): Tensor => openUniform(noise, `${site}/${name}`, [...shape, PROPOSALS]);
  const many = rejected(proposals("many"), proposals("accept"), tf.clipByValue(mean, BORDER, MOST_MEAN));
  const draws = tf.where(tf.lessEqual(mean, BORDER), few, many);
  return tf.where(tf.lessEqual(mean, MOST_MEAN), draws, tf.fill([...shape], Number.NaN));
};
