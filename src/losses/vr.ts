/**
 * The negative Rényi bound, averaged over the batch, in nats per example:
 *
 *     loss = -E_x [ 1 / (1 - alpha) ln 1/S sum_s w_s^(1 - alpha) ],   w_s = p(x, z_s) / q(z_s | x)
 *
 * alpha = 1, the limit, is the ELBO with its exact KL, alpha = 0 the importance-weighted bound; between them the bound rises as alpha
 * falls. Below 0 it may exceed ln p(x). VR-max is the limit of alpha to minus infinity, max_s ln w_s.
 */

import type { Requirement, ResolvedFields } from "../contracts/kinds.js";
import { VaelabError } from "../errors.js";
import { distortionOf, type ElboTerms, rateOf } from "../inference/elbo-terms.js";
import { importanceBound } from "../inference/importance.js";
import { defineObjective } from "../spec/define.js";
import { type Tensor, tf } from "../tensor/tensor.js";
import { weightRequirements } from "./gradient-estimator.js";
import { weightedPhase } from "./weighted-phase.js";

/** Nearer to 1 than this, single precision loses the bound. */
const NEAREST = 0.01;

const DRAWN: Requirement = {
  kind: "posterior",
  capability: "reparameterized",
  reason:
    'The largest weight is one of draws, and its gradient that of a draw. Set "form" to "power", or choose diagonal-gaussian',
};

/** ln of the sum of p^(1 - alpha) q^alpha over latents that are summed over, and of powers of the weights of draws. */
const powerBound = (alpha: number, logWeights: Tensor, pieces: ElboTerms, draws: number): Tensor => {
  if (alpha === 1) return tf.neg(tf.add(distortionOf(pieces), rateOf(pieces)));
  if (alpha === 0) return importanceBound(logWeights, { groups: 1, draws });
  const summed = Object.values(pieces.inferred.sites).filter(({ enumerated }) => enumerated);
  const powers = summed.reduce((total, { logQ }) => tf.add(total, tf.mul(logQ, alpha)), tf.mul(logWeights, 1 - alpha));
  return tf.div(tf.sub(tf.logSumExp(powers, 0), Math.log(draws)), 1 - alpha);
};

export const vr = defineObjective({
  schema: {
    type: "object",
    title: "Rényi bound",
    description:
      "Maximizes the variational Rényi bound, a family with the ELBO and the importance-weighted bound in it.",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "vr" },
      form: {
        enum: ["power", "max"],
        default: "power",
        description: "power: the bound of order alpha; max: the largest weight alone (VR-max)",
      },
      alpha: { type: "number", description: "Order of the divergence; 0.5 if not given" },
      samples: { type: "integer", minimum: 1, default: 5, description: "Posterior samples per example (S)" },
    },
  },
  formula:
    "loss = -E_x[1 / (1 - alpha) ln 1/S sum_s w_s^(1 - alpha)], w_s = p(x, z_s) / q(z_s | x); max: -E_x[max_s ln w_s]",
  source: "Li & Turner 2016",
  resolve: (fields: ResolvedFields): ResolvedFields => {
    const { form, alpha } = fields;
    if (form === "max") {
      if (alpha === undefined) return fields;
      throw new VaelabError("SPEC_COMBINATION", {
        message: 'the "max" form is the limit of "alpha" to minus infinity, and takes none',
        remedy: 'Leave "alpha" out, or set "form" to "power".',
      });
    }
    if (typeof alpha === "number" && alpha !== 1 && Math.abs(1 - alpha) < NEAREST)
      throw new VaelabError("SPEC_COMBINATION", {
        message: `"alpha" ${alpha} is so near to 1 that single precision loses the bound`,
        remedy: `Set it to 1, which is exact, or to at most ${1 - NEAREST} or at least ${1 + NEAREST}.`,
      });
    return { ...fields, alpha: alpha ?? 0.5 };
  },
  requires: (fields) => [...weightRequirements(fields), ...(fields.form === "max" ? [DRAWN] : [])],
  create: ({ form, alpha = 0.5, samples }) => ({
    phases: [
      weightedPhase({
        name: "vr",
        groups: 1,
        draws: samples,
        gradient: "pathwise",
        ...((form === "max" || alpha !== 0) && { movesSummed: true }),
        boundOf: (logWeights, pieces) =>
          form === "max" ? tf.max(logWeights, 0) : powerBound(alpha, logWeights, pieces, samples),
      }),
    ],
  }),
});
