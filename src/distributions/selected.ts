/** Members of a batch, chosen one-hot: how a mixture draws from one of its components. */
import { type Tensor, tf } from "../tensor/tensor.js";

/**
 * Picks along the last batch axis, of K members.
 * @param parameter [...batch, K, ...rest], where `batchRank` counts the axes up to K
 * @param choice one-hot, [..., K]; its leading axes end in those of the batch
 * @returns [..., ...rest]
 */
export const selected = (parameter: Tensor, batchRank: number, choice: Tensor): Tensor => {
  const rest = parameter.shape.slice(batchRank);
  const members = parameter.shape[batchRank - 1]!;
  if (batchRank === 1) {
    const chosen = tf.matMul(tf.reshape(choice, [-1, members]), tf.reshape(parameter, [members, -1]));
    return tf.reshape(chosen, [...choice.shape.slice(0, -1), ...rest]);
  }
  return tf.sum(tf.mul(tf.reshape(choice, [...choice.shape, ...rest.map(() => 1)]), parameter), choice.rank - 1);
};
