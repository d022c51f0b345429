/**
 * Gradients of expectations over draws that have none of their own, by the score function (Williams 1992): with an expectation
 * sum_r w_r f(z_r), whose weights have the gradient of ln q(z_r), everything that is computed from expectations has that of its own.
 * A baseline b that does not depend on z_r takes the variance of f - b, and no bias.
 */
import { type Scalar, stopGradient, type Tensor, tf } from "../tensor/tensor.js";
import type { ElboTerms } from "./elbo-terms.js";

/** Weights of the two terms of a bound. */
export interface TermWeights {
  distortion: Scalar;
  rate: Scalar;
}
/** What each row adds to a weighted ELBO, [rows, B]: ln p(x | z) by the weights of the outputs, less the KLs. */
export const rowValues = ({ inferred, weightedLogLikelihood }: ElboTerms, { distortion, rate }: TermWeights): Tensor =>
  Object.values(inferred.sites).reduce(
    (value, site) => {
      const kl = site.kl();
      return tf.sub(value, tf.mul(rate, kl.rank === 1 ? tf.expandDims(kl, 0) : kl));
    },
    tf.mul(distortion, weightedLogLikelihood),
  );

/** The mean of the values of the other draws, [rows, B], of two draws or more (Kool, van Hoof & Welling 2019). */
export const leaveOneOut = (values: Tensor, draws: number): Tensor => {
  const [rows, batch] = values.shape as [number, number];
  const byDraw = tf.reshape(values, [draws, rows / draws, batch]);
  const others = tf.div(tf.sub(tf.sum(byDraw, 0, true), byDraw), draws - 1);
  return tf.reshape(others, [rows, batch]);
};

/**
 * @param score 0 with the gradient of ln q of the draws, [rows, B]
 * @param baseline of `rowValues`, without a gradient, [rows, B]
 * @returns terms whose expectations have the gradient of the draws; and what the baseline takes from a bound, [B], which is 0
 */
export const withScores = (
  pieces: ElboTerms,
  score: Tensor,
  baseline: Tensor,
): { pieces: ElboTerms; taken: Tensor } => ({
  pieces: { ...pieces, logWeights: tf.add(pieces.logWeights, score) },
  taken: tf.sum(tf.mul(tf.mul(tf.exp(stopGradient(pieces.logWeights)), baseline), score), 0),
});
