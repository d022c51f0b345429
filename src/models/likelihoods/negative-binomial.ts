/**
 * P(x|z) = prod_j NB(x_j; m_j, r_j), in nats: counts with mean m = exp(l(z)) and variance m + m^2 / r, larger than a Poisson's. r is the
 * inverse dispersion, as in scVI.
 */
import { NegativeBinomial } from "../../distributions/negative-binomial.js";
import { defineLikelihood } from "../../spec/define.js";
import { logMeanOf } from "../../tensor/log-mean.js";
import { DISPERSION, dispersionRefusal, inverseDispersionOf } from "./dispersion.js";
import { withPositive } from "./positive-parameter.js";
import { supportRefusal } from "./supports.js";

export const negativeBinomial = defineLikelihood({
  schema: {
    type: "object",
    title: "negative binomial with independent elements",
    description:
      "Counts by their mean, exp of the decoder's output, and an inverse dispersion. Draws are Poisson draws at gamma draws of the mean, and NaN where such a mean exceeds 2^23",
    required: ["type"],
    additionalProperties: false,
    properties: { type: { const: "negative-binomial" }, ...DISPERSION },
  },
  formula: "P(x | z) = prod_j Gamma(x_j + r) / (Gamma(r) x_j!) (r / (r + m_j))^r (m_j / (r + m_j))^x_j, m = exp(l(z))",
  source: "Lopez et al. 2018, methods; log-probability: Loader 2000",
  capabilities: () => ["density"],
  refuses: (fields, field) =>
    supportRefusal("a negative binomial needs counts", ["count"], field) ?? dispersionRefusal(fields),
  create: (fields, { field: { shape }, parameters }) => {
    const { outputs, at } = withPositive(inverseDispersionOf(fields), shape, parameters);
    return {
      outputs,
      at: (all) => {
        const { decoded, log } = at(all);
        return new NegativeBinomial(logMeanOf(decoded[0]!), log, shape.length);
      },
    };
  },
});
