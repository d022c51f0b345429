/**
 * The gradient of a draw's height on the sphere in the concentration of its density. Rejection has none of its own, and the gradient of
 * the accepted proposal alone is biased (Naesseth et al. 2017). The draw at a fixed quantile moves with the concentration k as
 *
 *     dt/dk = -dF(t; k)/dk / p(t; k)                                       implicit reparameterization (Figurnov, Mohamed & Mnih 2018)
 *
 * For a density exp(k T(t) - L(k)) with respect to the uniform distribution, dF/dk is the integral of (T - E T) p from one end to t. In
 * the angle a, cos a = t, with its measure sin^(D - 2) a da, that integral has a smooth integrand; it is taken on the side of t where T - E T
 * keeps its sign, over as many widths 1 / sqrt(k + D) of the density as matter.
 */
import { gaussLegendre } from "../../numerics/gauss-legendre.js";
import { type Tensor, tf } from "../../tensor/tensor.js";

/** 1 - t and 1 + t of a cosine t: each is exact where it is small. */
export interface Height {
  gap: Tensor;
  rest: Tensor;
}
/** An exponential family in k over the height of unit vectors. */
export interface Tilt {
  dimensions: number;
  /** T(t), 0 at t = 1 and falling with t. */
  statistic(height: Height): Tensor;
  /** E T at a concentration k. */
  meanStatistic(concentration: Tensor): Tensor;
}

/** The height of a logit h = ln((1 + t) / (1 - t)). */
export const heightOf = (logit: Tensor): Height => ({
  gap: tf.mul(2, tf.sigmoid(tf.neg(logit))),
  rest: tf.mul(2, tf.sigmoid(logit)),
});

const NODES = 20;
const WIDTHS = 8;

/** dh/dk of draws h, each with its own concentration: [...] → [...]. */
export const logitSlope = (logit: Tensor, concentration: Tensor, tilt: Tilt): Tensor => {
  const { dimensions } = tilt;
  const { nodes, weights } = gaussLegendre(NODES);
  const [h, k] = [tf.expandDims(logit, -1), tf.expandDims(concentration, -1)];
  const mean = tilt.meanStatistic(k);
  const own = tilt.statistic(heightOf(h));
  const isHigh = tf.greater(own, mean);
  // The angle to the pole on this side: tan(a / 2) = exp(-h / 2) from t = 1.
  const angle = tf.mul(2, tf.atan(tf.exp(tf.mul(tf.where(isHigh, tf.neg(h), h), 0.5))));
  const length = tf.minimum(angle, tf.div(WIDTHS, tf.sqrt(tf.add(k, dimensions))));
  const at = tf.sub(angle, tf.mul(length, tf.tensor1d(nodes)));
  const [near, far] = [tf.sin, tf.cos].map((f) => tf.mul(2, tf.square(f(tf.mul(at, 0.5))))) as [Tensor, Tensor];
  const statistic = tilt.statistic({ gap: tf.where(isHigh, near, far), rest: tf.where(isHigh, far, near) });
  const sine = tf.sin(angle);
  const measure = dimensions === 2 ? 0 : tf.mul(dimensions - 2, tf.log(tf.div(tf.sin(at), sine)));
  const ratio = tf.exp(tf.add(tf.mul(k, tf.sub(statistic, own)), measure));
  const integrand = tf.mul(tf.abs(tf.sub(statistic, mean)), ratio);
  const integral = tf.mul(length, tf.sum(tf.mul(integrand, tf.tensor1d(weights)), -1, true));
  // dh/dt = 2 / sin^2 a, and dt = sin a da.
  return tf.squeeze(tf.div(tf.mul(2, integral), sine), [-1]);
};

/** Draws of the logit h, with the gradient in the concentration that `logitSlope` gives. */
export const pathwiseLogits = (concentration: Tensor, draw: (concentration: Tensor) => Tensor, tilt: Tilt): Tensor =>
  tf.customGrad((given, save) => {
    const k = given as Tensor;
    const logit = draw(k);
    (save as (tensors: Tensor[]) => void)([k, logit]);
    return {
      value: logit,
      gradFunc: (dy: Tensor, [saved, drawn]: Tensor[]) => tf.mul(dy, logitSlope(drawn!, saved!, tilt)),
    };
  })(concentration);
