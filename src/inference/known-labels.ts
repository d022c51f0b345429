/** Labels of a batch of which some may not be known: what is not contributes nothing. */
import type { LabelCounts } from "../contracts/head.js";
import { oneHot } from "../nn/index.js";
import type { Batch } from "../tensor/fields.js";
import { type Scalar, type Tensor, tf } from "../tensor/tensor.js";

/** 1 where the label of an example is known, float32 [B]. */
export const knownLabels = ({ fields, observed }: Batch, name: string): Tensor => {
  const mask = observed?.[name];
  return mask ? tf.cast(tf.greater(mask, 0.5), "float32") : tf.onesLike(fields[name]!);
};

/**
 * E over labeled examples of a value by example [B]. In training an unbiased estimate from one batch, however few of them it has:
 * the sum over those of the batch, by how many a batch has on average. Else their mean; 0 where there is none.
 */
export const labeledMean = (
  values: Tensor,
  known: Tensor,
  { counts, size }: LabelCounts,
  training: boolean,
): Scalar => {
  const total = tf.sum(tf.mul(values, known));
  const share = counts.reduce((sum, count) => sum + count, 0) / size;
  return (training ? tf.div(total, share * known.shape[0]!) : tf.div(total, tf.maximum(tf.sum(known), 1))) as Scalar;
};

/** -ln p(label) by example, [B], of log-probabilities [B, categories]. */
export const crossEntropy = (logProbabilities: Tensor, labels: Tensor): Tensor =>
  tf.neg(tf.sum(tf.mul(oneHot(labels, logProbabilities.shape.at(-1)!), logProbabilities), -1));

/** 1 where the likeliest category is the label, float32 [B]. */
export const correct = (logProbabilities: Tensor, labels: Tensor): Tensor =>
  tf.cast(tf.equal(tf.argMax(logProbabilities, -1), tf.cast(labels, "int32")), "float32");
