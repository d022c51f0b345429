/**
 * p(x|z) = prod_j Gamma(x_j; k, k / m_j(z)) with mean m = exp(l(z)) and concentration k, in nats: positive numbers whose standard
 * deviation, m / sqrt(k), grows with their mean.
 */
import { Gamma } from "../../distributions/gamma.js";
import { defineLikelihood } from "../../spec/define.js";
import { logMeanOf } from "../../tensor/log-mean.js";
import { CONCENTRATION, concentrationOf, concentrationRefusal } from "./concentration.js";
import { withPositive } from "./positive-parameter.js";
import { supportRefusal } from "./supports.js";

export const gamma = defineLikelihood({
  schema: {
    type: "object",
    title: "gamma with independent elements",
    description:
      "Positive numbers by their mean, exp of the decoder's output, and a concentration k; the standard deviation is mean / sqrt(k). Draws take the first of 6 proposals that is accepted; all are rejected with a probability below 1.5e-8",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "gamma" },
      ...CONCENTRATION,
      concentration: { ...CONCENTRATION.concentration, default: 1 },
    },
  },
  formula: "p(x | z) = prod_j (k / m_j)^k x_j^(k - 1) exp(-k x_j / m_j) / Gamma(k), m = exp(l(z))",
  source: "McCullagh & Nelder 1989, chapter 8; draws: Marsaglia & Tsang 2000",
  capabilities: () => ["density"],
  refuses: (fields, field) =>
    supportRefusal("a gamma density needs values above 0", ["positive"], field) ?? concentrationRefusal(fields),
  create: (fields, { field: { shape }, parameters }) => {
    const { outputs, at } = withPositive(concentrationOf(fields), shape, parameters);
    return {
      outputs,
      at: (all) => {
        const { decoded, log } = at(all);
        return new Gamma(logMeanOf(decoded[0]!), log, shape.length);
      },
    };
  },
});
