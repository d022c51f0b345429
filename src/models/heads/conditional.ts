/**
 * A conditional model: q(z | x, c), p(z | c), p(x | z, c) for a field c of the data, each part as asked. What the decoder or the
 * prior sees has to be given when it generates; where nobody asks for any, examples of the training split lend theirs.
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
    description: "Encoder, prior and decoder see a label or any other field, each as asked.",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "conditional" },
      on: { type: "string", default: "label", description: "the field: one that every example has" },
      encoder: { type: "boolean", default: true, description: "q(z | x, c) rather than q(z | x)" },
      prior: { type: "boolean", default: false, description: "p(z | c) rather than p(z)" },
      decoder: { type: "boolean", default: true, description: "p(x | z, c) rather than p(x | z)" },
    },
  },
  formula: "q(z | x, c), p(z | c), p(x | z, c): each part as asked",
  source: "Sohn, Lee & Yan 2015, equation 4; with an unconditioned prior Kingma et al. 2014, section 2",
  requires: ({ prior }) =>
    prior === true
      ? [
          {
            kind: "prior",
            capability: "conditional",
            reason: 'A prior that sees a condition has to change with it, as gaussian does. Else set "prior" to false',
          },
          {
            kind: "posterior",
            capability: "density",
            reason:
              'A conditioned prior is trained by the rate, which a code without density lacks. Set "prior" to false',
          },
        ]
      : [],
  resolve: (fields) => {
    const { seenBy } = planOf(fields);
    if (seenBy.encoder || seenBy.prior || seenBy.decoder) return fields;
    throw new VaelabError("SPEC_COMBINATION", {
      message: "a condition that no part sees changes nothing",
      remedy: 'Set one of "encoder", "prior" and "decoder" to true, or leave the head out.',
    });
  },
  plan: planOf,
  create: (fields) => ({ plan: planOf(fields) }),
});
