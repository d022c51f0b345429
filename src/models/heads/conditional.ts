/**
 * A conditional model: q(z | x, c), p(z | c), p(x | z, c) for a field c of the data, each condition optional. Generation
 * needs values for the conditions of decoder and prior; by default it takes them from training examples.
 */

import type { HeadPlan } from "../../contracts/head.js";
import type { ResolvedFields } from "../../contracts/kinds.js";
import { VaelabError } from "../../errors.js";
import { defineHead } from "../../spec/define.js";

const planOf = ({ on, encoder, prior, decoder }: Omit<ResolvedFields, "type">): HeadPlan => ({
  field: String(on),
  role: "condition",
  seenBy: { encoder: encoder === true, prior: prior === true, decoder: decoder === true },
});

export const conditional = defineHead({
  schema: {
    type: "object",
    title: "conditional on a field of the data",
    description: "Conditions the encoder, the prior and the decoder, each optionally, on a label or any other field.",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "conditional" },
      on: { type: "string", default: "label", description: "Field to condition on; every example must have it" },
      encoder: {
        type: "boolean",
        default: true,
        description: "Condition the encoder: q(z | x, c) instead of q(z | x)",
      },
      prior: { type: "boolean", default: false, description: "Condition the prior: p(z | c) instead of p(z)" },
      decoder: {
        type: "boolean",
        default: true,
        description: "Condition the decoder: p(x | z, c) instead of p(x | z)",
      },
    },
  },
  formula: "q(z | x, c), p(z | c), p(x | z, c), each condition optional",
  source: "Sohn, Lee & Yan 2015, equation 4; with an unconditioned prior Kingma et al. 2014, section 2",
  requires: ({ prior }) =>
    prior === true
      ? [
          {
            kind: "prior",
            capability: "conditional",
            reason:
              'A conditioned prior must depend on its condition, as gaussian does. Otherwise set "prior" to false',
          },
          {
            kind: "posterior",
            capability: "density",
            reason:
              'A conditioned prior is trained through the rate, which needs a posterior density. Set "prior" to false',
          },
        ]
      : [],
  resolve: (fields) => {
    const { seenBy } = planOf(fields);
    if (seenBy.encoder || seenBy.prior || seenBy.decoder) return fields;
    throw new VaelabError("SPEC_COMBINATION", {
      message: "no part of the model uses this condition",
      remedy: 'Set "encoder", "prior" or "decoder" to true, or remove the head.',
    });
  },
  plan: planOf,
  create: (fields) => ({ plan: planOf(fields) }),
});
