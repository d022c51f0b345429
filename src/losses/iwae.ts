/**
 * The negative importance-weighted bound on ln p(x), averaged over the batch, in nats per example:
 *
 *     loss = -E_x [ ln 1/S sum_s w_s ],   w_s = p(x, z_s) / q(z_s | x),   z_s ~ q(z | x)
 *
 * With one draw it is the ELBO with a sampled KL, and it rises to ln p(x) with their number. A latent that is summed over enters
 * with all of its values at each draw; its q, which the bound does not depend on, is fitted to the posterior of the model.
 */
import { elboTerms, logImportanceWeights } from "../inference/elbo-terms.js";
import { fitOfSummed, importanceBound, normalizedWeights } from "../inference/importance.js";
import { defineObjective } from "../spec/define.js";
import { type Scalar, tf } from "../tensor/tensor.js";
import { loggedElbo } from "./logged-rate.js";

export const iwae = defineObjective({
  schema: {
    type: "object",
    title: "importance-weighted bound",
    description: "Maximizes a bound on the log-likelihood that gets tighter with the number of draws.",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "iwae" },
      samples: { type: "integer", minimum: 1, default: 5, description: "Posterior samples per example (S)" },
    },
  },
  formula: "loss = -E_x[ln 1/S sum_s w_s], w_s = p(x, z_s) / q(z_s | x)",
  source: "Burda, Grosse & Salakhutdinov 2016, eq. 8",
  requires: () => [
    {
      kind: "posterior",
      capability: "density",
      reason:
        "Importance weights need the density of a draw. Choose a posterior with a density, or the objective elbo at beta 0",
    },
  ],
  create: ({ samples }) => {
    const groups = { groups: 1, draws: samples };
    return {
      phases: [
        {
          name: "iwae",
          every: 1,
          variables: () => true,
          terms: (step) => {
            const pieces = elboTerms(step.model, step.batch, step.infer(samples), step.call("generate"));
            const logWeights = logImportanceWeights(pieces);
            const bound: Scalar = tf.mean(importanceBound(logWeights, groups));
            const fit = fitOfSummed(pieces, normalizedWeights(logWeights, groups));
            const { terms, byLatent } = loggedElbo(pieces);
            return {
              loss: fit ? tf.sub(tf.mean<Scalar>(fit), bound) : tf.neg(bound),
              terms: { bound, ...terms },
              ...(byLatent && { byLatent }),
            };
          },
        },
      ],
    };
  },
});
