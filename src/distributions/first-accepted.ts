/** Rejection sampling with a fixed number of proposals. */
import { type Tensor, tf } from "../tensor/tensor.js";

/** The first accepted proposal of each element, else the last. @param proposals [..., P]; `accepted` is boolean, of the same shape */
export const firstAccepted = (proposals: Tensor, accepted: Tensor): Tensor => {
  const [values, isAccepted] = [tf.unstack(proposals, -1), tf.unstack(accepted, -1)];
  return values.slice(0, -1).reduceRight((later, value, i) => tf.where(isAccepted[i]!, value, later), values.at(-1)!);
};
