/**
 * The negative thermodynamic variational bound, averaged over the batch, in nats per example: the left Riemann sum of the integral
 * ln p(x) = int_0^1 E_pi_b [ln w] db along the path pi_b(z) ~ q(z | x) w^b from q to the posterior, w = p(x, z) / q(z | x):
 *
 *     loss = -E_x [ sum_{k=1}^K (b_k - b_{k-1}) E_pi_{b_{k-1}} [ln w] ],   b_0 = 0, b_k = b_1^((K - k) / (K - 1))
 *
 * Each expectation weighs S draws of q by w^b. Its gradient is the covariance estimator, which takes none through the draws:
 *
 *     grad E_pi [f] = E_pi [grad f] + Cov_pi (grad (ln q + b ln w), f),   f = ln w
 *
 * One partition is the ELBO. With more the sum rises to ln p(x); the weights add a bias that falls with S.
 */

import type { StepContext, Terms } from "../contracts/objective.js";
import { scoredDraws } from "../inference/scored-draws.js";
import { defineObjective } from "../spec/define.js";
import { type Scalar, stopGradient, type Tensor, tf } from "../tensor/tensor.js";
import { loggedElbo } from "./logged-rate.js";

/** b_0 ... b_K. */
export const partitionOf = (partitions: number, first: number): number[] => [
  0,
  ...Array.from({ length: partitions - 1 }, (_, k) => first ** ((partitions - 1 - k) / (partitions - 1))),
  1,
];

/** The value and the covariance gradient of E_pi_b [ln w], [B], from rows [S, B]; `logMeasure` has no gradient. */
const expectationAt = (b: number, logW: Tensor, logQ: Tensor, logMeasure: Tensor): Tensor => {
  const f = stopGradient(logW);
  const tempered = tf.add(logMeasure, tf.mul(f, b));
  const weights = tf.exp(tf.sub(tempered, tf.logSumExp(tempered, 0, true)));
  const value = tf.sum(tf.mul(weights, f), 0);
  const centered = tf.mul(weights, tf.sub(f, tf.expandDims(value, 0)));
  const logPath = tf.add(logQ, tf.mul(logW, b));
  const surrogate = tf.sum(tf.add(tf.mul(weights, logW), tf.mul(centered, logPath)), 0);
  return tf.add(value, tf.sub(surrogate, stopGradient(surrogate)));
};

const termsOf = (step: StepContext, partition: readonly number[], samples: number): Terms => {
  const { pieces, logJoint, logQ } = scoredDraws(step, samples);
  const logW = tf.sub(logJoint, logQ);
  // Draws of q are of equal weight, and values that are summed over have that of their probability.
  const logMeasure = stopGradient(tf.add(pieces.logWeights, Math.log(samples)));
  const parts = partition.slice(1).map((b, k) => {
    const from = partition[k]!;
    return tf.mul(expectationAt(from, logW, logQ, logMeasure), b - from);
  });
  const bound: Scalar = tf.mean(tf.addN(parts));
  const { terms, ...apart } = loggedElbo(pieces);
  return { loss: tf.neg(bound), terms: { bound, ...terms }, ...apart };
};

export const tvo = defineObjective({
  schema: {
    type: "object",
    title: "thermodynamic bound",
    description: "Maximizes a Riemann sum along a path from the posterior of the encoder to that of the model.",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "tvo" },
      partitions: { type: "integer", minimum: 1, maximum: 100, default: 2, description: "Terms of the sum (K)" },
      first: {
        type: "number",
        exclusiveMinimum: 0,
        exclusiveMaximum: 1,
        default: 0.025,
        description: "Where the second term is taken (b_1); further ones are spaced evenly in ln b up to 1",
      },
      samples: { type: "integer", minimum: 2, default: 10, description: "Posterior samples per example (S)" },
    },
  },
  formula:
    "loss = -E_x[sum_k (b_k - b_{k-1}) E_pi_{b_{k-1}}[ln w]], pi_b ~ q w^b, w = p(x, z) / q(z | x), b_k = b_1^((K - k) / (K - 1))\ngradient: E_pi[grad f] + Cov_pi(grad(ln q + b ln w), f), f = ln w",
  source: "Masrani, Le & Wood 2019",
  requires: () => [
    { kind: "posterior", capability: "density", reason: "The path begins at q: choose a posterior with a density" },
    {
      kind: "posterior",
      capability: "evaluable",
      reason:
        "tvo scores draws without their gradient. Choose a posterior such as diagonal-gaussian, or the objective iwae",
    },
  ],
  capabilities: () => ["scores"],
  create: ({ partitions, first, samples }) => {
    const partition = partitionOf(partitions, first);
    return {
      phases: [{ name: "tvo", every: 1, variables: () => true, terms: (step) => termsOf(step, partition, samples) }],
    };
  },
});
