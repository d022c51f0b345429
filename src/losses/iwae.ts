/**
 * The negative importance-weighted bound on ln p(x), averaged over the batch, in nats per example:
 *
 *     loss = -E_x [ ln 1/S sum_s w_s ],   w_s = p(x, z_s) / q(z_s | x),   z_s ~ q(z | x)
 *
 * With one draw it is the ELBO with a sampled KL, and it rises to ln p(x) with their number. A latent that is summed over enters
 * with all of its values at each draw; its q, which the bound does not depend on, is fitted to the posterior of the model.
 */
import { defineObjective } from "../spec/define.js";
import { ESTIMATION, gradientOf, resolvedEstimation, scoring, weightRequirements } from "./gradient-estimator.js";
import { weightedPhase } from "./weighted-phase.js";

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
      ...ESTIMATION,
    },
  },
  formula: "loss = -E_x[ln 1/S sum_s w_s], w_s = p(x, z_s) / q(z_s | x)",
  source:
    "Burda, Grosse & Salakhutdinov 2016, eq. 8; stl: Roeder, Wu & Duvenaud 2017; dreg: Tucker et al. 2019; vimco: Mnih & Rezende 2016; nvil: Mnih & Gregor 2014",
  resolve: resolvedEstimation,
  requires: weightRequirements,
  capabilities: scoring,
  create: ({ samples, ...fields }, context) => ({
    phases: [weightedPhase({ name: "iwae", groups: 1, draws: samples, gradient: gradientOf(fields, context) })],
  }),
});
