/**
 * The negative evidence lower bound with a weight on the rate, averaged over the batch, in nats per example:
 *
 *     loss = E_x [ distortion ] + beta * penalty,   distortion = -E_q log p(x | z),   rate = KL(q(z | x) || p(z))
 *
 *     penalty   E_x [ rate ]               the bound itself at beta = 1 (Kingma & Welling 2014, eq. 3), else the beta-VAE
 *                                          (Higgins et al. 2017, eq. 4)
 *               R = floored rate           with free bits (Kingma et al. 2016, eq. 15)
 *               | R - C |                  with a capacity C, beta being the paper's gamma (Burgess et al. 2018, eq. 8), of the
 *                                          batch's mean rate as in its authors' code; free bits and capacity go together
 *               sum_l | R_l - C_l |        with a capacity of each latent (Dupont 2018, eq. 7)
 *
 * With several outputs the distortion is the sum of theirs, each times its weight in the loss; the log has that of each, unweighted.
 *
 * With beta 0 throughout this is a plain autoencoder, the only form that works with a posterior without density. The log has
 * the true `rate`, and `penalty` if it differs from the rate.
 */

import type { Requirement, ResolvedFields } from "../contracts/kinds.js";
import type { StepContext } from "../contracts/objective.js";
import type { Schedule } from "../contracts/schedule.js";
import { VaelabError } from "../errors.js";
import type { ElboTerms } from "../inference/elbo-terms.js";
import { defineObjective } from "../spec/define.js";
import { type Scalar, tf } from "../tensor/tensor.js";
import { BASELINE, learnedBaseline } from "./baseline.js";
import { assertCapacities, capacitiesSchema, distanceFromCapacities } from "./capacity.js";
import { autoencoderPhase, elboPhase, ratedAt } from "./elbo-phase.js";
import { type FreeBits, flooredRate, freeBitsSchema } from "./free-bits.js";
import { evaluable, isScoring, resolvedEstimation, scoring } from "./gradient-estimator.js";

const isZeroThroughout = (beta: Schedule): boolean => beta.end === 0 && beta.final === 0;
const writtenAsZero = (fields: ResolvedFields): boolean => {
  const beta = fields.beta as ResolvedFields;
  return beta.type === "constant" && beta.value === 0;
};

const factorized = (kind: "posterior" | "prior"): Requirement => ({
  kind,
  capability: "factorized",
  reason:
    'Free bits per dimension need one KL per dimension, so a factorized posterior and prior. Set "freeBits.per" to "latent", or choose diagonal-gaussian and gaussian',
});

export const elbo = defineObjective({
  schema: {
    type: "object",
    title: "Evidence lower bound with a rate weighted by beta",
    description: "Minimizes distortion + beta * rate, optionally with free bits or a target capacity.",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "elbo" },
      beta: {
        type: "object",
        component: "schedule",
        role: "weight",
        default: { type: "constant", value: 1 },
        description: "Weight of the rate",
      },
      samples: { type: "integer", minimum: 1, default: 1, description: "Posterior samples per example" },
      freeBits: freeBitsSchema,
      capacity: {
        type: "object",
        component: "schedule",
        role: "target",
        description: "Target rate C in nats; the penalty is |rate - C|",
      },
      capacities: capacitiesSchema,
      estimator: {
        enum: ["pathwise", "nvil"],
        description:
          "How the encoder learns: pathwise, by the gradient of draws; nvil, by their scores against a learned baseline, so they may be discrete. Default: pathwise",
      },
      baseline: BASELINE,
    },
  },
  formula:
    "loss = E_x[distortion] + beta * penalty, distortion = -E_q log p(x | z)\npenalty = E_x[rate], rate = KL(q(z | x) || p(z)); with free bits the floored rate; with a capacity |rate - C|, of each latent sum_l |rate_l - C_l|",
  source:
    "Kingma & Welling 2014, eq. 3; Higgins et al. 2017, eq. 4; Kingma et al. 2016, eq. 15; Burgess et al. 2018, eq. 8; Dupont 2018, eq. 7; nvil: Mnih & Gregor 2014",
  resolve: (fields) => {
    const idle = ["freeBits", "capacity", "capacities"].filter((name) => fields[name] !== undefined);
    if (idle.length > 0 && writtenAsZero(fields))
      throw new VaelabError("SPEC_COMBINATION", {
        message: `at "beta" 0 the rate is not penalized, so "${idle.join('" and "')}" would have no effect`,
        remedy: "Leave it out, or set beta.",
      });
    const [other] = ["freeBits", "capacity"].filter((name) => fields[name] !== undefined);
    if (fields.capacities !== undefined && other !== undefined)
      throw new VaelabError("SPEC_COMBINATION", {
        message: `"capacities" and "${other}" cannot stand together: both say what the rate costs`,
        remedy: `Leave "${other}" out.`,
      });
    return resolvedEstimation(fields);
  },
  capabilities: (fields) => [...scoring(fields), ...(writtenAsZero(fields) ? (["rateless"] as const) : [])],
  requires: (fields) => {
    if (writtenAsZero(fields) && !isScoring(fields.estimator)) return [];
    const density: Requirement = {
      kind: "posterior",
      capability: "density",
      reason:
        'The rate of a posterior without density is infinite. Set "beta" to 0 for a plain autoencoder, or choose a posterior with a density',
    };
    const byDimension = (fields.freeBits as FreeBits | undefined)?.per === "dimension";
    return [
      density,
      ...(byDimension ? [factorized("posterior"), factorized("prior")] : []),
      ...(isScoring(fields.estimator) ? [evaluable(fields.estimator)] : []),
    ];
  },
  create: ({ beta, samples, freeBits, capacity, capacities, estimator = "pathwise", baseline }, context) => {
    if (capacities) assertCapacities(capacities, Object.keys(context.model.latents));
    if (isZeroThroughout(beta) && estimator === "pathwise") return { phases: [autoencoderPhase(samples)] };
    const penaltyOf = (step: StepContext, rate: Scalar, pieces: ElboTerms): Scalar => {
      if (capacities) return distanceFromCapacities(pieces, capacities, step.scalar);
      const floored = freeBits ? flooredRate(pieces, freeBits) : rate;
      return capacity ? tf.abs(tf.sub<Scalar>(floored, step.scalar(capacity))) : floored;
    };
    const phase = elboPhase({
      name: "elbo",
      samples,
      baseline: estimator === "nvil" ? learnedBaseline(context, baseline!) : undefined,
      weightsOf: (step) => ratedAt(step.scalar(beta)),
      weigh: (step, { distortion, rate, pieces }) => {
        const penalty = penaltyOf(step, rate, pieces);
        return {
          loss: tf.add(distortion, tf.mul(step.scalar(beta), penalty)),
          ...((freeBits || capacity || capacities) && { terms: { penalty } }),
        };
      },
    });
    return { phases: [phase] };
  },
});
