/**
 * The negative evidence lower bound with a weight on the rate, averaged over the batch, in nats an example:
 *
 *     loss = E_x [ distortion + beta * rate ],   distortion = -E_q log p(x | z),   rate = KL(q(z | x) || p(z))
 *
 * beta = 1 is the bound itself (Kingma & Welling 2014, eq. 3); any other is the beta-VAE (Higgins et al. 2017, eq. 4); a beta
 * that is 0 throughout is a plain autoencoder, and the only one that a posterior without density can train.
 */
import type { Schedule } from "../core/contracts/training.js";
import { defineObjective, type ResolvedFields } from "../core/define.js";
import { distortionOf, evidenceOf, expectation, rateOf } from "../core/evidence.js";
import { type Scalar, type Tensor, tf } from "../core/tensor.js";

const isZeroThroughout = (beta: Schedule): boolean => beta.end === 0 && beta.final === 0;
const writtenAsZero = (fields: ResolvedFields): boolean => {
  const beta = fields.beta as ResolvedFields;
  return beta.type === "constant" && beta.value === 0;
};
const mean = (perExample: Tensor): Scalar => tf.mean(perExample);

export const elbo = defineObjective({
  schema: {
    type: "object",
    title: "Evidence lower bound, its rate weighted by beta",
    description: "Minimises distortion + beta * rate.",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "elbo" },
      beta: {
        type: "object",
        component: "schedule",
        default: { type: "constant", value: 1 },
        description: "weight of the rate",
      },
      samples: { type: "integer", minimum: 1, default: 1, description: "draws from the posterior an example" },
    },
  },
  source: "Kingma & Welling 2014, eq. 3; Higgins et al. 2017, eq. 4",
  requires: (fields) =>
    writtenAsZero(fields)
      ? []
      : [
          {
            kind: "posterior",
            capability: "density",
            reason:
              'The rate of a posterior without density is infinite. Set "beta" to 0 for a plain autoencoder, or choose a posterior with a density',
          },
        ],
  create: ({ beta, samples }) => ({
    phases: [
      {
        name: "elbo",
        every: 1,
        variables: () => true,
        terms: (step) => {
          const sites = step.infer(samples);
          const evidence = evidenceOf(step.model, step.batch, sites, samples, {
            training: step.training,
            noise: step.noise.fork("generate"),
          });
          const distortion = mean(distortionOf(evidence));
          if (isZeroThroughout(beta)) return { loss: distortion, terms: { distortion } };
          const rate = mean(rateOf(sites, evidence));
          const weight = step.scalar(beta);
          const vectors = Object.fromEntries(
            sites.flatMap(({ name, q, klElements }) => {
              if (!klElements) return [];
              const perExample = expectation(klElements(), evidence, q.eventShape.length);
              return [[sites.length > 1 ? `kl/${name}` : "kl", tf.mean(perExample, 0)]];
            }),
          );
          return { loss: tf.add(distortion, tf.mul(weight, rate)), terms: { distortion, rate, beta: weight }, vectors };
        },
      },
    ],
  }),
});
