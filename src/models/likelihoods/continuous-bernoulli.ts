/**
 * p(x|z) = prod_j C(l_j) exp(l_j x_j) on [0, 1], one logit a pixel, in nats: the Bernoulli cross-entropy of gray values with the
 * normalizer that makes it a density.
 */

import { ContinuousBernoulli } from "../../distributions/continuous-bernoulli.js";
import { defineLikelihood } from "../../spec/define.js";
import { supportRefusal } from "./supports.js";

export const continuousBernoulli = defineLikelihood({
  schema: {
    type: "object",
    title: "continuous Bernoulli with independent elements",
    required: ["type"],
    additionalProperties: false,
    properties: { type: { const: "continuous-bernoulli" } },
  },
  formula: "p(x | z) = prod_j exp(l_j(z) x_j) l_j(z) / (exp(l_j(z)) - 1), x in [0, 1]",
  source: "Loaiza-Ganem & Cunningham 2019, equation 5",
  capabilities: () => ["density"],
  refuses: (_, field) => {
    const { support } = field;
    if (support === "unit") return undefined;
    return support === "binary"
      ? "a continuous Bernoulli is a density over gray values, not over {0, 1}: use the bernoulli likelihood"
      : supportRefusal("a continuous Bernoulli needs values in [0, 1]", [], field, "scale the data");
  },
  create: (_, { field: { shape } }) => ({
    outputs: shape,
    at: (logits) => new ContinuousBernoulli(logits, shape.length),
  }),
});
