/** First and second moments of codes over a batch, for penalties on their covariance. */
import type { Penalty, StepContext } from "../../contracts/index.js";
import { alongSamples } from "../../inference/sample-axis.js";
import { siteOf } from "../../inference/site.js";
import { type Scalar, type Tensor, tf } from "../../tensor/tensor.js";
import { sideBySide } from "./codes.js";

/** A moment of q by latent, [S * B, D]; of a latent that depends on no draw it is the same along S. */
const moments = ({ model, ...step }: StepContext, moment: "mean" | "variance"): Tensor =>
  sideBySide(model.latents, (latent) => {
    const { q, value } = siteOf(step.inferred(), latent);
    const of = q[moment]!();
    const [samples, batch, ...shape] = value.shape as [number, number, ...number[]];
    const rows = of.rank === value.rank ? of : tf.expandDims(of, 0);
    return tf.reshape(alongSamples(rows, samples), [samples * batch, ...shape]);
  });

/** Cov_x E[z | x] over the batch, [D, D], divided by the number of examples. */
export const covarianceOfMeans = (step: StepContext): Tensor => {
  const means = moments(step, "mean");
  const centered = tf.sub(means, tf.mean(means, 0, true));
  return tf.div(tf.matMul(centered as never, centered as never, true), means.shape[0]!);
};

/** The same plus the mean variances E_x Var[z | x] on the diagonal, of a factorized q. */
export const covarianceOfCodes = (step: StepContext): Tensor => {
  const variances = tf.mean(moments(step, "variance"), 0);
  return tf.add(covarianceOfMeans(step), tf.mul(tf.eye(variances.size), variances));
};

/** sum_{i != j} C_ij^2 + diagonal sum_i (C_ii - 1)^2, and both sums. */
export const distanceToIdentity = (covariance: Tensor, diagonal: number): Penalty => {
  const identity = tf.eye(covariance.shape[0]!);
  const squares = tf.square(tf.sub(covariance, identity));
  const onDiagonal: Scalar = tf.sum(tf.mul(squares, identity));
  const offDiagonal: Scalar = tf.sum(tf.mul(squares, tf.sub(1, identity)));
  return { value: tf.add(offDiagonal, tf.mul(diagonal, onDiagonal)), terms: { offDiagonal, onDiagonal } };
};

/** Titles and units of the two terms. */
export const COVARIANCE_FIGURES = {
  offDiagonal: { title: "squared covariances of the codes", unit: "" },
  onDiagonal: { title: "squared distances of the codes' variances from 1", unit: "" },
} as const;

/** The schema of the weight of the diagonal. */
export const diagonalField = (ratio: number) =>
  ({
    type: "number",
    minimum: 0,
    default: ratio,
    description: "Weight of the diagonal beside that of the covariances: lambda_d / lambda_od",
  }) as const;
