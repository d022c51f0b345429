/**
 * Bounds on ln p(x) made of importance weights w = p(x, z) / q(z | x), in nats per example, [B]. Draws form M groups of K:
 *
 *     1/M sum_m ln 1/K sum_k w_mk        M = 1: Burda et al. 2016, eq. 8; M groups: Rainforth et al. 2018
 *
 * A latent that is summed over has all of its values in each group, so its sum is exact.
 */
import { stopGradient, type Tensor, tf } from "../tensor/tensor.js";
import type { ElboTerms } from "./elbo-terms.js";

/** How the draws of an example are divided. */
export interface Groups {
  groups: number;
  /** Draws of each. */
  draws: number;
}

/** [M * K * E, B] → [M, K * E, B], E the values of latents that are summed over. */
export const grouped = (rows: Tensor, { groups }: Groups): Tensor => {
  const [length, batch] = rows.shape as [number, number];
  return tf.reshape(rows, [groups, length / groups, batch]);
};

/** The inverse of `grouped`. */
export const ungrouped = (values: Tensor): Tensor => tf.reshape(values, [-1, values.shape[2]!]);

/** @param logWeights ln w, [M * K * E, B], as `logImportanceWeights` gives them. @returns [B] */
export const importanceBound = (logWeights: Tensor, groups: Groups): Tensor => {
  const sums = tf.logSumExp(grouped(logWeights, groups), 1);
  return tf.mean(tf.sub(sums, Math.log(groups.draws)), 0);
};

/** w / sum w within each group, [M, K * E, B], without gradient. */
export const normalizedWeights = (logWeights: Tensor, groups: Groups): Tensor => {
  const rows = grouped(stopGradient(logWeights), groups);
  return tf.exp(tf.sub(rows, tf.logSumExp(rows, 1, true)));
};

/**
 * The bound does not depend on q of a latent that is summed over. This is 0 with the gradient that fits such a q to the posterior of
 * the model, by the cross-entropy -sum_s w_s / sum w ln q(y_s | x): the wake-phi update of Bornschein & Bengio 2015. [B], or
 * undefined where no latent is summed over.
 *
 * @param weights as `normalizedWeights` gives them
 */
export const fitOfSummed = ({ inferred }: ElboTerms, weights: Tensor): Tensor | undefined => {
  const summed = Object.values(inferred.sites).filter(({ enumerated }) => enumerated);
  if (summed.length === 0) return undefined;
  const rows = ungrouped(weights);
  const logQ = tf.addN(summed.map((site) => site.logQ));
  const crossEntropy = tf.div(tf.sum(tf.mul(rows, logQ), 0), -weights.shape[0]!);
  return tf.sub(crossEntropy, stopGradient(crossEntropy));
};
