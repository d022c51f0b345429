/**
 * The partially importance-weighted autoencoder: the decoder and the prior maximize the bound of all M K draws, and the encoder the
 * mean of the M bounds of K draws, whose gradient has less noise. Averaged over the batch, in nats per example:
 *
 *     encoder   -E_x [ 1/M sum_m ln 1/K sum_k w_mk ]
 *     decoder   -E_x [ ln 1/(M K) sum_mk w_mk ]
 *
 * Each is a phase with draws of its own; the validation loss is the encoder's.
 */
import { generates, infers, isOfObjective } from "../inference/variables-of.js";
import { defineObjective } from "../spec/define.js";
import { ESTIMATION, gradientOf, resolvedEstimation, scoring, weightRequirements } from "./gradient-estimator.js";
import { GROUPS } from "./groups.js";
import { weightedPhase } from "./weighted-phase.js";

export const piwae = defineObjective({
  schema: {
    type: "object",
    title: "partially importance-weighted bounds",
    description: "The decoder maximizes a bound of all draws, the encoder the mean of bounds of groups of them.",
    required: ["type"],
    additionalProperties: false,
    properties: { type: { const: "piwae" }, ...GROUPS, ...ESTIMATION },
  },
  formula: "encoder: -E_x[1/M sum_m ln 1/K sum_k w_mk]\ndecoder and prior: -E_x[ln 1/(M K) sum_mk w_mk]",
  source: "Rainforth et al. 2018",
  resolve: resolvedEstimation,
  requires: weightRequirements,
  capabilities: scoring,
  create: ({ groups, samples, ...fields }, context) => ({
    phases: [
      weightedPhase({
        name: "encoder",
        groups,
        draws: samples,
        gradient: gradientOf(fields, context),
        variables: (name) => infers(name) || isOfObjective(name),
      }),
      weightedPhase({
        name: "decoder",
        groups: 1,
        draws: groups * samples,
        gradient: "pathwise",
        variables: generates,
      }),
    ],
  }),
});
