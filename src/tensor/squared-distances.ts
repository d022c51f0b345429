/** Distances between all pairs of rows, for kernels. */
import { type Tensor, tf } from "./tensor.js";

/** |x_i - y_j|^2, [n, D] and [m, D] → [n, m]. */
export const squaredDistances = (x: Tensor, y: Tensor): Tensor => {
  const squares = (rows: Tensor): Tensor => tf.sum(tf.square(rows), 1, true);
  const product = tf.matMul(x as never, y as never, false, true);
  return tf.relu(tf.add(tf.sub(squares(x), tf.mul(2, product)), tf.transpose(squares(y))));
};
