/**
 * The total correlation of the aggregate posterior q(z) = 1/N sum_n q(z | x_n), one term of the mean rate:
 *
 *     E_x KL(q(z|x) || p(z)) = I(x; z) + KL(q(z) || prod_d q(z_d)) + KL(prod_d q(z_d) || p(z))
 *                              mutual    total correlation           dimension-wise KL
 *                              information
 *
 * The last is sum_d KL(q(z_d) || p(z_d)) under a factorized prior. A batch of B of the N training examples gives, at the draw z_i of
 * example i, by the draw alone or by each of its dimensions,
 *
 *     q(z_i) ~ 1/(N B) sum_j q(z_i | x_j)                                  weighted sampling, biased
 *     q(z_i) ~ 1/N q(z_i | x_i) + (N - 1)/N 1/(B - 1) sum_{j != i} q(z_i | x_j)   stratified sampling, unbiased
 *
 * Stratified sampling as published gives one of the others less weight and the rest more; this is its mean over the order of the batch,
 * which varies less. The logarithm of either is biased: figures tell steps of one run apart, not models. Weighted sampling adds up to
 * (D - 1) ln N to the total correlation and takes it from the dimension-wise KL; its gradient is unchanged by such a constant.
 */
import type { Penalty, StepContext } from "../../contracts/index.js";
import { siteOf } from "../../inference/site.js";
import { defineRegularizer } from "../../spec/define.js";
import { type Scalar, type Tensor, tf } from "../../tensor/tensor.js";
import { firstDraw, hasPairs, MOVES_DRAWS } from "./codes.js";
import { WEIGHT } from "./weight.js";

type Estimator = "weighted" | "stratified";

/** Log-weights of q(z_i | x_j) in the estimate of q(z_i), [B, B]. */
const logWeights = (estimator: Estimator, batch: number, trainingSize: number): Tensor => {
  if (estimator === "weighted") return tf.fill([batch, batch], -Math.log(trainingSize * batch));
  // A validation block may be larger than the training split.
  const size = Math.max(trainingSize, batch);
  const others = Math.log((size - 1) / (size * (batch - 1)));
  const own = -Math.log(size);
  return tf.add(tf.mul(tf.eye(batch), own - others), others);
};

/** @param logQ ln q(z_i,d | x_j), [B, B, D]. @returns estimates of ln q(z_i) and of sum_d ln q(z_i,d), [B] each */
export const aggregateDensities = (
  logQ: Tensor,
  estimator: Estimator,
  trainingSize: number,
): { joint: Tensor; product: Tensor } => {
  const weights = logWeights(estimator, logQ.shape[0]!, trainingSize);
  return {
    joint: tf.logSumExp(tf.add(tf.sum(logQ, 2), weights), 1),
    product: tf.sum(tf.logSumExp(tf.add(logQ, tf.expandDims(weights, 2)), 1), 1),
  };
};

/** ln q(z_i,d | x_j) of the first draws, all latents side by side: [B, B, D]. */
const crossLogProbabilities = ({ model, ...step }: StepContext): Tensor => {
  const inferred = step.inferred();
  const parts = Object.keys(model.latents).map((latent) => {
    const { q, value } = siteOf(inferred, latent);
    const elements = q.logProbElements!(tf.expandDims(firstDraw(value), 1));
    return tf.reshape(elements, [...elements.shape.slice(0, 2), -1]);
  });
  return tf.concat(parts, 2);
};

/** The sum over the latents of a log-density at the first draws, [B]. */
const sumOverLatents = ({ model, ...step }: StepContext, density: "logQ" | "logP"): Tensor =>
  tf.addN(Object.keys(model.latents).map((latent) => firstDraw(siteOf(step.inferred(), latent)[density])));

const decomposition = (step: StepContext, estimator: Estimator): Penalty => {
  const { joint, product } = aggregateDensities(crossLogProbabilities(step), estimator, step.trainingSize);
  const difference = (a: Tensor, b: Tensor): Scalar => tf.mean(tf.sub(a, b));
  return {
    value: difference(joint, product),
    terms: {
      mutualInformation: difference(sumOverLatents(step, "logQ"), joint),
      dimensionWiseKl: difference(product, sumOverLatents(step, "logP")),
    },
  };
};

const NOTHING = (): Penalty => ({
  value: tf.scalar(0),
  terms: { mutualInformation: tf.scalar(0), dimensionWiseKl: tf.scalar(0) },
});

export const totalCorrelation = defineRegularizer({
  schema: {
    type: "object",
    title: "total correlation of the aggregate posterior, by the batch",
    description:
      "Penalizes dependence between dimensions of the codes. With the objective elbo at beta 1, a weight of beta - 1 gives the beta-TCVAE.",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "total-correlation" },
      weight: WEIGHT,
      estimator: {
        enum: ["weighted", "stratified"],
        default: "weighted",
        description: "How a batch stands for the training set; the paper trains with weighted sampling",
      },
    },
  },
  formula:
    "KL(q(z) || prod_d q(z_d)), q(z_i) = 1/(N B) sum_j q(z_i | x_j) (weighted)\nor 1/N q(z_i | x_i) + (N - 1)/(N (B - 1)) sum_{j != i} q(z_i | x_j) (stratified)",
  source: "Chen et al. 2018, eq. 2 and 3, appendix C.1 and C.2",
  capabilities: () => ["crosses"],
  requires: () => [
    MOVES_DRAWS,
    {
      kind: "posterior",
      capability: "factorized",
      reason:
        "The density of each dimension is needed: choose diagonal-gaussian, or the regularizer adversarial-total-correlation",
    },
  ],
  create: ({ weight, estimator }) => ({
    weight,
    unit: "nats",
    figures: {
      mutualInformation: { title: "mutual information of examples and codes" },
      dimensionWiseKl: { title: "dimension-wise KL" },
    },
    penalty: (step) => (hasPairs("total-correlation", step) ? decomposition(step, estimator) : NOTHING()),
  }),
});
