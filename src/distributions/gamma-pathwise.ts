/**
 * The gradient of draws of h = ln g, g from Gamma(a, 1) with a >= 1, in a. Rejection has none of its own, so the draw at a fixed quantile
 * is followed (implicit reparameterization: Figurnov, Mohamed & Mnih 2018, equation 5):
 *
 *     dh/da = -dF(h; a)/da / p(h; a),   p(u; a) = exp(a u - e^u) / Gamma(a),   dF/da = integral of (u - digamma(a)) p(u) du up to h
 *
 * From -infinity to infinity the integrand has the integral 0, so the side of h is taken on which u - digamma(a) keeps its sign: s = |u - h|
 * runs from 0 to where the ratio p(u) / p(h) is below e^-18.
 */
import { gaussLegendre } from "../numerics/gauss-legendre.js";
import { digammaDeficit } from "../tensor/special-functions.js";
import { type Tensor, tf } from "../tensor/tensor.js";

const NODES = 24;
/** -ln of what is left out, and sqrt(2 * 18): a ratio of exp(-c s^2 / 2) is below it from s = 6 / sqrt(c) on. */
const NEGLIGIBLE = 18;
const NEGLIGIBLE_ROOT = 6;

/** Of draws h, each with its own concentration: [...] → [...]. */
export const logGammaSlope = (logDraw: Tensor, concentration: Tensor): Tensor => {
  const { nodes, weights } = gaussLegendre(NODES);
  const [h, a] = [tf.expandDims(logDraw, -1), tf.expandDims(concentration, -1)];
  const g = tf.exp(h);
  const mean = tf.sub(tf.log(a), digammaDeficit(a));
  const isHigh = tf.greater(h, mean);
  // The ratio on the high side is exp(-(g - a) s - g (e^s - 1 - s)), on the low side exp(-(a - g) s - g (e^-s - 1 + s)).
  const direction = tf.where(isHigh, tf.onesLike(h), tf.neg(tf.onesLike(h)));
  const rate = tf.mul(direction, tf.sub(g, a));
  const byRate = tf.div(NEGLIGIBLE, tf.maximum(rate, 1e-6));
  const byCurvature = tf.div(NEGLIGIBLE_ROOT, tf.sqrt(g));
  // e^-s - 1 + s is s^2 / 2 at first and then s - 1.
  const byBoth = tf.where(isHigh, byCurvature, tf.add(byCurvature, tf.div(NEGLIGIBLE, g)));
  const length = tf.minimum(byRate, byBoth);
  const s = tf.mul(length, tf.tensor1d(nodes));
  const moved = tf.mul(direction, s);
  const logRatio = tf.neg(tf.add(tf.mul(rate, s), tf.mul(g, tf.sub(tf.expm1(moved), moved))));
  const integrand = tf.mul(tf.abs(tf.sub(tf.add(h, moved), mean)), tf.exp(logRatio));
  return tf.mul(tf.squeeze(length, [-1]), tf.sum(tf.mul(integrand, tf.tensor1d(weights)), -1));
};

/** Draws of ln g with this gradient in a. @param concentration a >= 1, of the shape of the draws */
export const pathwiseLogGamma = (concentration: Tensor, draw: (concentration: Tensor) => Tensor): Tensor =>
  tf.customGrad((given, save) => {
    const a = given as Tensor;
    const logDraw = draw(a);
    (save as (tensors: Tensor[]) => void)([a, logDraw]);
    return {
      value: logDraw,
      gradFunc: (dy: Tensor, [saved, drawn]: Tensor[]) => tf.mul(dy, logGammaSlope(drawn!, saved!)),
    };
  })(concentration);
