/** Unit vectors, on the last axis. */
import { type Tensor, tf } from "../../tensor/tensor.js";

/** Keeps the norm of a zero vector above 0. */
const TINY = 1e-20;

/** x / |x|; 0 where x is 0. */
export const normalized = (x: Tensor): Tensor => tf.mul(x, tf.rsqrt(tf.add(tf.sum(tf.square(x), -1, true), TINY)));

/** ln of the area of the unit sphere in D dimensions: 2 pi^(D / 2) / Gamma(D / 2). */
export const logSphereArea = (dimensions: number): number => {
  // Gamma(D / 2) by its recurrence, from Gamma(1) = 1 or Gamma(1 / 2) = sqrt(pi).
  const isEven = dimensions % 2 === 0;
  let logGamma = isEven ? 0 : Math.log(Math.PI) / 2;
  for (let z = isEven ? 1 : 0.5; z < dimensions / 2; z++) logGamma += Math.log(z);
  return Math.LN2 + (dimensions / 2) * Math.log(Math.PI) - logGamma;
};

/**
 * cosine m + sine v, v a unit vector orthogonal to m: a reflection takes the first axis to m or -m, and the others to what is
 * orthogonal to it.
 *
 * @param direction m, unit vectors [..., D]
 * @param tangent unit vectors [..., D - 1]
 * @param cosine [...]
 * @param sine [...]
 */
export const placedAround = (direction: Tensor, tangent: Tensor, cosine: Tensor, sine: Tensor): Tensor => {
  const dimensions = direction.shape.at(-1)!;
  const start = direction.shape.map(() => 0);
  const first = tf.slice(direction, start, [...direction.shape.slice(0, -1), 1]);
  // H = I - 2 w w' / |w|^2 with w = m + s e_1 takes e_1 to -s m. With the sign s of m_1, |w|^2 = 2 + 2 |m_1| is never near 0.
  const sign = tf.sub(1, tf.mul(2, tf.cast(tf.less(first, 0), "float32")));
  const axis = tf.tensor1d(Array.from({ length: dimensions }, (_, d) => Number(d === 0)));
  const w = tf.add(direction, tf.mul(sign, axis));
  const across = tf.mul(tf.expandDims(sine, -1), tangent);
  const x = tf.concat([tf.mul(tf.neg(sign), tf.expandDims(cosine, -1)), across], -1);
  const overlap = tf.sum(tf.mul(w, x), -1, true);
  return tf.sub(x, tf.mul(w, tf.div(overlap, tf.add(1, tf.mul(sign, first)))));
};
