/**
 * Draws of ln g, g from Gamma(a, 1), by Marsaglia & Tsang 2000: with d = a - 1/3 and t = x / sqrt(9 d), x normal, the proposal
 * g = d (1 + t)^3 is accepted if
 *
 *     ln u < 3 d [ln(1 + t) - t + t^2/2 - t^3/3]
 *
 * for a uniform u. Where a < 1, a + 1 is drawn, and ln g moves by (ln u) / a. The logarithm does not underflow where a is small.
 *
 * A captured step has no loop, so a fixed number of proposals is drawn and the first that is accepted is kept. One is rejected with
 * probability 0.049 at a = 1 and less beyond, so all are with a probability below 1e-9; the last one then stands. The gradient in a follows
 * the draw at a fixed quantile, and the boost by itself.
 */
import type { Shape } from "../tensor/fields.js";
import type { Noise } from "../tensor/keyed-noise.js";
import { type Tensor, tf } from "../tensor/tensor.js";
import { openUniform } from "./elementwise.js";
import { firstAccepted } from "./first-accepted.js";
import { pathwiseLogGamma } from "./gamma-pathwise.js";

const PROPOSALS = 7;
/** Least 1 + t of which the logarithm is taken; less is rejected. */
const LEAST = 1e-6;

/** Draws of ln g for a >= 1, [...shape] as a. */
const accepted = (noise: Noise, site: string, concentration: Tensor): Tensor => {
  const d = tf.sub(concentration, 1 / 3);
  const wide = tf.expandDims(d, -1);
  const t = tf.div(noise.normal(`${site}/normal`, [...d.shape, PROPOSALS]), tf.sqrt(tf.mul(wide, 9)));
  const square = tf.square(t);
  const cubed = tf.sub(tf.div(square, 2), tf.div(tf.mul(square, t), 3));
  const log = tf.log1p(tf.maximum(t, LEAST - 1));
  const logRatio = tf.mul(tf.mul(wide, 3), tf.add(tf.sub(log, t), cubed));
  const logUniform = tf.log(openUniform(noise, `${site}/accept`, [...d.shape, PROPOSALS]));
  const isAccepted = tf.logicalAnd(tf.greater(t, LEAST - 1), tf.less(logUniform, logRatio));
  return tf.add(tf.log(d), tf.mul(firstAccepted(log, isAccepted), 3));
};

/** @param concentration a > 0, which broadcasts against [...shape]. @returns ln of the draws, [...shape], reparameterized */
export const logGammaDraws = (noise: Noise, site: string, concentration: Tensor, shape: Shape): Tensor => {
  const isSmall = tf.less(concentration, 1);
  const raised = tf.where(isSmall, tf.add(concentration, 1), concentration);
  const logDraw = pathwiseLogGamma(tf.broadcastTo(raised, [...shape]), (a) => accepted(noise, site, a));
  const boost = tf.div(tf.log(openUniform(noise, `${site}/boost`, shape)), concentration);
  return tf.where(isSmall, tf.add(logDraw, boost), logDraw);
};
