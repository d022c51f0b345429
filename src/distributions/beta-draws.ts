/** What the beta distribution and its mixtures of binomials share: parameters by mean and concentration, and draws. */
import type { Shape } from "../tensor/fields.js";
import type { Noise } from "../tensor/keyed-noise.js";
import { type Tensor, tf } from "../tensor/tensor.js";
import { logGammaDraws } from "./gamma-draws.js";

/** Logits beyond it count as it, so that a and b stay above 0. */
const MOST = 60;

export interface BetaParameters {
  mean: Tensor;
  /** c m and c (1 - m). */
  a: Tensor;
  b: Tensor;
}

/** @param logitMean and ln of the concentration c, which broadcast */
export const betaParameters = (logitMean: Tensor, logConcentration: Tensor): BetaParameters => {
  const logit = tf.clipByValue(logitMean, -MOST, MOST);
  const c = tf.exp(logConcentration);
  const mean = tf.sigmoid(logit);
  return { mean, a: tf.mul(c, mean), b: tf.mul(c, tf.sigmoid(tf.neg(logit))) };
};

/** Draws in [0, 1], [...shape]: g_a / (g_a + g_b) of two gamma draws. */
export const betaDraws = (noise: Noise, site: string, { a, b }: BetaParameters, shape: Shape): Tensor =>
  tf.sigmoid(tf.sub(logGammaDraws(noise, `${site}/a`, a, shape), logGammaDraws(noise, `${site}/b`, b, shape)));
