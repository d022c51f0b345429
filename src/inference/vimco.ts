/**
 * Learning signals of draws under an importance-weighted bound: what a draw adds to the bound of its group, by which ln q of it is moved.
 *
 *     L = ln 1/K sum_j w_j,    signal of draw k:  L - b_k
 *     b_k   ln 1/K (m_k + sum_{j != k} w_j),  m_k the geometric mean of the other weights     vimco (Mnih & Rezende 2016, eq. 7, 10)
 *
 * b_k does not depend on draw k, so it takes variance and no bias.
 */
import { type Tensor, tf } from "../tensor/tensor.js";

/** @param logWeights [M, K, B], K at least 2, without a gradient. @returns L - b_k, [M, K, B] */
export const vimcoSignals = (logWeights: Tensor): Tensor => {
  const draws = logWeights.shape[1]!;
  const means = tf.div(tf.sub(tf.sum(logWeights, 1, true), logWeights), draws - 1);
  // [M, k, j, B]: the weights of the group, with that of draw k replaced.
  const own = tf.reshape(tf.eye(draws), [1, draws, draws, 1]);
  const replaced = tf.add(tf.mul(own, tf.expandDims(means, 2)), tf.mul(tf.sub(1, own), tf.expandDims(logWeights, 1)));
  return tf.sub(tf.logSumExp(logWeights, 1, true), tf.logSumExp(replaced, 2));
};
