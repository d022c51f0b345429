/**
 * ln of the Poisson probability of a count x with mean m = exp(l), as Loader 2000 splits it: with w = ln x - l and e the error of
 * Stirling's formula,
 *
 *     ln p(x) = -x (w + exp(-w) - 1) - 1/2 ln(2 pi x) - e(x)    for x > 0,    ln p(0) = -m
 *
 * Nothing large cancels: the sum of x ln m, -m and -ln x! loses four digits at a mean of 10,000.
 */
import { LOG_2PI } from "../tensor/mathematics.js";
import { stirlingError } from "../tensor/special-functions.js";
import { type Tensor, tf } from "../tensor/tensor.js";

/** 1/2 ln(2 pi x) + e(x), of counts above 0: ln x! - (x ln x - x). */
export const logFactorialRest = (x: Tensor): Tensor =>
  tf.add(tf.mul(tf.add(tf.log(x), LOG_2PI), 0.5), stirlingError(x));

/** Counts and ln of means, which broadcast. */
export const logPoisson = (count: Tensor, logMean: Tensor): Tensor => {
  const x = tf.maximum(count, 1);
  const w = tf.sub(tf.log(x), logMean);
  const positive = tf.neg(tf.add(tf.mul(x, tf.add(w, tf.expm1(tf.neg(w)))), logFactorialRest(x)));
  return tf.where(tf.less(count, 1), tf.neg(tf.exp(logMean)), positive);
};
