/**
 * The negative of the mean of M independent importance-weighted bounds of K draws each, averaged over the batch, in nats per example:
 *
 *     loss = -E_x [ 1/M sum_m ln 1/K sum_k w_mk ],   w = p(x, z) / q(z | x)
 *
 * Its expectation is that of `iwae` with K draws. The gradient in the encoder, whose ratio of signal to noise falls with K, is averaged
 * over M of them. (Not the MIWAE of missing data.)
 */
import { defineObjective } from "../spec/define.js";
import { ESTIMATION, gradientOf, resolvedEstimation, scoring, weightRequirements } from "./gradient-estimator.js";
import { GROUPS } from "./groups.js";
import { weightedPhase } from "./weighted-phase.js";

export const miwae = defineObjective({
  schema: {
    type: "object",
    title: "multiply importance-weighted bound",
    description: "Maximizes the mean of several importance-weighted bounds.",
    required: ["type"],
    additionalProperties: false,
    properties: { type: { const: "miwae" }, ...GROUPS, ...ESTIMATION },
  },
  formula: "loss = -E_x[1/M sum_m ln 1/K sum_k w_mk], w = p(x, z) / q(z | x)",
  source: "Rainforth et al. 2018",
  resolve: resolvedEstimation,
  requires: weightRequirements,
  capabilities: scoring,
  create: ({ groups, samples, ...fields }, context) => ({
    phases: [weightedPhase({ name: "miwae", groups, draws: samples, gradient: gradientOf(fields, context) })],
  }),
});
