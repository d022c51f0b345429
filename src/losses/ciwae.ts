/**
 * A mixture of the ELBO and of the importance-weighted bound, negative and averaged over the batch, in nats per example:
 *
 *     loss = -E_x [ beta ELBO + (1 - beta) ln 1/K sum_k w_k ],   w = p(x, z) / q(z | x)
 *
 * of the same draws. The KL of the ELBO is exact where it has a closed form and the estimator is `pathwise`. beta = 1 is `elbo`,
 * and near 0 this is `iwae`.
 */
import { distortionOf, rateOf } from "../inference/elbo-terms.js";
import { importanceBound } from "../inference/importance.js";
import { defineObjective } from "../spec/define.js";
import { tf } from "../tensor/tensor.js";
import { PATHWISE_ESTIMATOR, weightRequirements } from "./gradient-estimator.js";
import { weightedPhase } from "./weighted-phase.js";

export const ciwae = defineObjective({
  schema: {
    type: "object",
    title: "mixture of the ELBO and the importance-weighted bound",
    description: "Maximizes beta times the ELBO and 1 - beta times the importance-weighted bound.",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "ciwae" },
      beta: {
        type: "number",
        exclusiveMinimum: 0,
        maximum: 1,
        default: 0.5,
        description: "Share of the ELBO",
      },
      samples: { type: "integer", minimum: 1, default: 8, description: "Posterior samples per example (K)" },
      estimator: PATHWISE_ESTIMATOR,
    },
  },
  formula: "loss = -E_x[beta ELBO + (1 - beta) ln 1/K sum_k w_k], w = p(x, z) / q(z | x)",
  source: "Rainforth et al. 2018",
  requires: weightRequirements,
  create: ({ beta, samples, estimator }) => {
    const groups = { groups: 1, draws: samples };
    return {
      phases: [
        weightedPhase({
          name: "ciwae",
          ...groups,
          gradient: estimator,
          movesSummed: true,
          boundOf: (logWeights, pieces) => {
            const elbo =
              estimator === "pathwise" ? tf.neg(tf.add(distortionOf(pieces), rateOf(pieces))) : tf.mean(logWeights, 0);
            return tf.add(tf.mul(elbo, beta), tf.mul(importanceBound(logWeights, groups), 1 - beta));
          },
          // The gradient of ln w_k has the weight beta / K + (1 - beta) v_k, and in the encoder beta / K + (1 - beta) v_k^2.
          factorOf: (weights) => {
            const share = (each: typeof weights) => tf.add(tf.mul(each, 1 - beta), beta / samples);
            return tf.div(share(tf.square(weights)), share(weights));
          },
        }),
      ],
    };
  },
});
