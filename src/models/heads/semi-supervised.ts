/**
 * The semi-supervised M2 (Kingma et al. 2014): a label y that is a latent variable if unknown,
 *
 *     p(x, y, z) = p(y) p(z) p(x | y, z),   q(y, z | x) = q(y | x) q(z | x, y)
 *     -L(x, y) = E_q(z|x,y) [ln p(x | y, z) + ln p(y) + ln p(z) - ln q(z | x, y)]        known y, eq. 6
 *     -U(x)    = sum_y q(y | x) (-L(x, y)) + H(q(y | x))                                 unknown y, eq. 7: a sum over all y
 *     loss     = E_x [L or U] + alpha E_labeled [-ln q(y | x)]                          eq. 9, by example
 *
 * The paper sums the loss over examples, so its alpha is this one times their number: its 0.1 N is 0.1 here. The label's
 * divergence, KL(q(y | x) || p(y)) or -ln p(y), is part of the rate. Labels are used only in training: all measurements are
 * bounds on ln p(x).
 */
import type { HeadPlan } from "../../contracts/head.js";
import type { ResolvedFields } from "../../contracts/kinds.js";
import { VaelabError } from "../../errors.js";
import { dense, networkShape } from "../../nn/index.js";
import { defineHead } from "../../spec/define.js";
import { sizeOf } from "../../tensor/fields.js";
import { tf } from "../../tensor/tensor.js";
import { assertLabeled, supervision } from "./supervision.js";

const planOf = ({ on, prior }: Omit<ResolvedFields, "type">): HeadPlan => ({
  field: String(on),
  role: "site",
  seenBy: { encoder: true, prior: prior === true, decoder: true },
});

export const semiSupervised = defineHead({
  schema: {
    type: "object",
    title: "label as a latent, marginalized where unknown (M2)",
    description: "Encoder and decoder are conditioned on the label; a classifier q(y | x) infers it.",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "semi-supervised" },
      on: { type: "string", default: "label", description: "the label" },
      encoder: {
        type: "object",
        component: "encoder",
        description:
          "Network of the classifier q(y | x). Default: a separate network with the type and fields of the model's encoder",
      },
      alpha: {
        type: "object",
        component: "schedule",
        default: { type: "constant", value: 0.1 },
        description:
          "Weight of the mean cross-entropy of labeled examples, added to the mean bound of all; 0.1 N in the paper is 0.1 here",
      },
      labels: {
        enum: ["uniform", "empirical"],
        default: "uniform",
        description: "p(y): uniform, or the frequencies of known training labels with add-one smoothing",
      },
      prior: { type: "boolean", default: false, description: "Condition the prior: p(z | y) instead of p(z)" },
    },
  },
  source: "Kingma, Rezende, Mohamed & Welling 2014, equations 6 to 9",
  capabilities: () => ["predicts"],
  requires: ({ prior }) => [
    {
      kind: "posterior",
      capability: "density",
      reason: "Labels are weighted by bounds on ln p(x, y), which need a posterior density: use diagonal-gaussian",
    },
    ...(prior === true
      ? [
          {
            kind: "prior" as const,
            capability: "conditional" as const,
            reason: 'A conditioned prior must depend on the label, as gaussian does. Otherwise set "prior" to false',
          },
        ]
      : []),
  ],
  resolve: (fields, { encoder }) => ({ ...(encoder && { encoder }), ...fields }),
  plan: planOf,
  create: ({ on, encoder, alpha, labels: prior, ...rest }, { fields, labels, parameters }) => {
    const counts = labels(on);
    assertLabeled(on, counts);
    const features = encoder?.features.features;
    if (!encoder || !features)
      throw new VaelabError("CONTRACT", { message: 'the classifier\'s encoder provides no "features" output' });
    const categories = sizeOf(networkShape(fields[on]!));
    // Named under "posterior", like all inference parameters, so that a refitted copy replaces it.
    const logits = dense(parameters.scope("posterior"), sizeOf(features), categories);
    const frequencies = counts.counts.map((count) => Math.log(count + 1));
    return {
      plan: planOf({ on, ...rest }),
      site: {
        logits: (given, context) =>
          logits(tf.reshape(encoder.encode(given, context).features!, [-1, sizeOf(features)])),
        priorLogits: () => (prior === "uniform" ? tf.zeros([categories]) : tf.tensor1d(frequencies)),
      },
      predict: ({ labelLogProbabilities }) => labelLogProbabilities[on]!,
      terms: (step) => supervision(step, on, step.inferred.labelLogProbabilities[on]!, counts, alpha),
    };
  },
});
