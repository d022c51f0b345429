/** Labels of a batch, some of which may be missing. Examples without a label contribute nothing. */
import { oneHot } from "../nn/index.js";
import type { Batch } from "../tensor/fields.js";
import { type Scalar, type Tensor, tf } from "../tensor/tensor.js";

/** 1 where the label of an example is known, float32 [B]. */
export const knownLabels = ({ fields, observed }: Batch, name: string): Tensor => {
  const mask = observed?.[name];
  return mask ? tf.cast(tf.greater(mask, 0.5), "float32") : tf.onesLike(fields[name]!);
};

/**
 * Mean over the labeled examples of a value per example [B]. Where `share` is given, the fraction of examples of the split that are
 * labeled, the sum over the batch's labeled examples is divided by their expected number, share * B: the average over the batches
 * of a split, weighted by their sizes, is then the mean over its labeled examples, however few of them a batch has. Otherwise the
 * sum is divided by their number in this batch. 0 if the batch has none.
 */
export const labeledMean = (values: Tensor, known: Tensor, share?: number): Scalar => {
  const total = tf.sum(tf.mul(values, known));
  return tf.div<Scalar>(total, share ? share * known.shape[0]! : tf.maximum(tf.sum(known), 1));
};

/** -ln p(label) by example, [B], of log-probabilities [B, categories]. */
export const crossEntropy = (logProbabilities: Tensor, labels: Tensor): Tensor =>
  tf.neg(tf.sum(tf.mul(oneHot(labels, logProbabilities.shape.at(-1)!), logProbabilities), -1));

/** 1 where the likeliest category is the label, float32 [B]. */
export const correct = (logProbabilities: Tensor, labels: Tensor): Tensor =>
  tf.cast(tf.equal(tf.argMax(logProbabilities, -1), tf.cast(labels, "int32")), "float32");
