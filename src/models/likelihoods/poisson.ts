/** P(x|z) = prod_j Poisson(x_j; exp(l_j(z))), in nats: counts whose variance is their mean. */
import { Poisson } from "../../distributions/poisson.js";
import { defineLikelihood } from "../../spec/define.js";
import { logMeanOf } from "../../tensor/log-mean.js";
import { supportRefusal } from "./supports.js";

export const poisson = defineLikelihood({
  schema: {
    type: "object",
    title: "Poisson with independent elements",
    description:
      "Counts by their mean, exp of the decoder's output. Draws are exact to 1e-6 for means up to 2^23, and NaN beyond: by inversion up to a mean of 10, then by the first of 12 proposals that is accepted, where all are rejected with a probability below 6e-8",
    required: ["type"],
    additionalProperties: false,
    properties: { type: { const: "poisson" } },
  },
  formula: "P(x | z) = prod_j m_j^x_j exp(-m_j) / x_j!, m = exp(l(z))",
  source: "Poisson 1837; log-probability: Loader 2000; draws: Hörmann 1993",
  capabilities: () => ["density"],
  refuses: (_, field) => supportRefusal("a Poisson needs counts", ["count"], field),
  create: (_, { field: { shape } }) => ({
    outputs: shape,
    at: (decoded) => new Poisson(logMeanOf(decoded), shape.length),
  }),
});
