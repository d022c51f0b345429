/**
 * p(x|z) = prod_j Beta(x_j; c m_j(z), c (1 - m_j(z))) with mean m = sigmoid(l(z)) and concentration c, in nats: a density on [0, 1] that is
 * constant in a narrow cell at either edge, where the beta itself may be infinite.
 */
import { Beta } from "../../distributions/beta.js";
import { defineLikelihood } from "../../spec/define.js";
import { CONCENTRATION, concentrationOf, concentrationRefusal } from "./concentration.js";
import { withPositive } from "./positive-parameter.js";
import { supportRefusal } from "./supports.js";

export const beta = defineLikelihood({
  schema: {
    type: "object",
    title: "beta with independent elements",
    description:
      "Numbers in [0, 1] by their mean, the sigmoid of the decoder's output, and a concentration; the variance is mean (1 - mean) / (concentration + 1). Values in the cells [0, edge) and (1 - edge, 1] share the mass that the beta has there, so the density is finite at 0 and 1 and integrates to 1",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "beta" },
      ...CONCENTRATION,
      edge: {
        type: "number",
        minimum: 1e-6,
        maximum: 0.01,
        default: 0.001,
        description:
          "Width of the cells at 0 and 1. Exact zeros and ones in the data gain up to ln(1 / edge) nats each: dequantize gray levels instead of lowering it",
      },
    },
  },
  formula: "p(x | z) = prod_j x_j^(a_j - 1) (1 - x_j)^(b_j - 1) / B(a_j, b_j), a = c m(z), b = c (1 - m(z))",
  source: "Ferrari & Cribari-Neto 2004, equation 4; draws: Marsaglia & Tsang 2000",
  capabilities: () => ["density"],
  refuses: (fields, field) =>
    supportRefusal("a beta density needs values in [0, 1]", ["unit"], field, "scale the data") ??
    concentrationRefusal(fields),
  create: (fields, { field: { shape }, parameters }) => {
    const { outputs, at } = withPositive(concentrationOf(fields), shape, parameters);
    return {
      outputs,
      at: (all) => {
        const { decoded, log } = at(all);
        return new Beta(decoded[0]!, log, fields.edge, shape.length);
      },
    };
  },
});
