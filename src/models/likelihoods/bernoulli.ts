/**
 * p(x|z) = prod_j Bernoulli(x_j; sigmoid(l_j)), one logit a pixel, in nats. On gray values the same formula is a
 * cross-entropy and no density (its normalizer is left out), so it has to be asked for by name.
 */

import { Bernoulli } from "../../distributions/bernoulli.js";
import { defineLikelihood } from "../../spec/define.js";
import { supportRefusal } from "./supports.js";

export const bernoulli = defineLikelihood({
  schema: {
    type: "object",
    title: "Bernoulli with independent elements",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "bernoulli" },
      allowGray: {
        type: "boolean",
        default: false,
        description:
          "Allow gray values in [0, 1]. The loss is then a cross-entropy, and its figures are not log-likelihoods.",
      },
    },
  },
  formula: "p(x | z) = prod_j Bernoulli(x_j; sigmoid(l_j(z)))",
  source: "Kingma & Welling 2014, equation 11; on gray values: Loaiza-Ganem & Cunningham 2019",
  capabilities: ({ allowGray }) => (allowGray === true ? [] : ["density"]),
  refuses: ({ allowGray }, field) => {
    const { support } = field;
    if (support === "binary" || (support === "unit" && allowGray === true)) return undefined;
    return support === "unit"
      ? 'a Bernoulli is not a density over gray values: binarize the data, set "allowGray": true, or use the gaussian likelihood'
      : supportRefusal("a Bernoulli needs values in {0, 1}", [], field);
  },
  create: (_, { field }) => ({
    outputs: field.shape,
    at: (logits) => new Bernoulli(logits, field.shape.length),
  }),
});
