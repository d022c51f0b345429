/**
 * The Poincaré ball of curvature -1: the unit ball with the metric 4 |dx|^2 / (1 - |x|^2)^2, on the last axis. Tangent vectors are given in
 * an orthonormal frame, so their norm is the hyperbolic length of the geodesic that they lead along. All forms add positive terms where
 * points are near the border, so float32 suffices.
 */
import { type Tensor, tf } from "../../tensor/tensor.js";

/** Points stay within this distance of the origin: beyond it, float32 coordinates tell points apart too coarsely. */
const MOST_DISTANT = 11;
const LARGEST_NORM = Math.tanh(MOST_DISTANT / 2);
/** Added to squared norms: where the vector is 0, the norm still has a gradient. */
const SMALLEST_SQUARE = 1e-12;

const squaredNorm = (x: Tensor): Tensor => tf.sum(tf.square(x), -1, true);
/** [..., 1]. */
const norm = (x: Tensor): Tensor => tf.sqrt(tf.add(squaredNorm(x), SMALLEST_SQUARE));
/** 1 - |x|^2, [..., 1]. */
const gapOf = (x: Tensor): Tensor => {
  const length = norm(x);
  return tf.mul(tf.sub(1, length), tf.add(1, length));
};

/** Moves points that are farther from the origin than `MOST_DISTANT` toward it. */
const within = (x: Tensor): Tensor => tf.mul(x, tf.minimum(1, tf.div(LARGEST_NORM, norm(x))));

/** The vector in its direction whose norm is smoothly kept below `most`. */
export const bounded = (v: Tensor, most: number): Tensor => {
  const length = norm(v);
  return tf.mul(v, tf.div(tf.mul(most, tf.tanh(tf.div(length, most))), length));
};

/** The end of the geodesic from the origin along a tangent vector: tanh(|v| / 2) v / |v|. */
export const fromOrigin = (v: Tensor): Tensor => {
  const length = norm(v);
  return within(tf.mul(v, tf.div(tf.tanh(tf.mul(length, 0.5)), length)));
};

/**
 * The end of the geodesic from m along v, transported from the origin to m: the Möbius sum of m and y, y the end of the geodesic from
 * the origin, (|s|^2 m + (1 - |m|^2) s) / (|s|^2 + (1 - |m|^2) (1 - |y|^2)) with s = m + y.
 */
export const exponential = (m: Tensor, v: Tensor): Tensor => {
  const y = fromOrigin(v);
  const s = tf.add(m, y);
  const [square, gap] = [squaredNorm(s), gapOf(m)];
  return within(tf.div(tf.add(tf.mul(square, m), tf.mul(gap, s)), tf.add(square, tf.mul(gap, gapOf(y)))));
};

/** The inverse of `exponential` in v: the tangent vector that leads from m to z, transported to the origin. */
export const logarithm = (m: Tensor, z: Tensor): Tensor => {
  const d = tf.sub(z, m);
  const [square, gap] = [squaredNorm(d), gapOf(m)];
  const gaps = tf.mul(gap, gapOf(z));
  const total = tf.add(square, gaps);
  const w = tf.div(tf.sub(tf.mul(gap, d), tf.mul(square, m)), total);
  const length = norm(w);
  // 2 artanh |w|, with 1 - |w|^2 = gaps / total.
  const distance = tf.sub(tf.mul(2, tf.log1p(length)), tf.log(tf.div(gaps, total)));
  return tf.mul(w, tf.div(distance, length));
};

/** ln (sinh r / r), r = |v|: how the volume around the end of a geodesic exceeds that of flat space, by dimension across it. [...]. */
export const logSpread = (v: Tensor): Tensor => {
  const r = norm(v);
  const spread = tf.add(r, tf.log(tf.div(tf.neg(tf.expm1(tf.mul(r, -2))), tf.mul(r, 2))));
  return tf.squeeze(spread, [-1]);
};
