/**
 * P(k|z) = prod_j BetaBinomial(k_j; n, c m_j(z), c (1 - m_j(z))) with mean n m, m = sigmoid(l(z)), and concentration c, in nats: a mass over counts
 * 0 ... n, and with n = 255 over 8-bit gray levels.
 */
import { BetaBinomial } from "../../distributions/beta-binomial.js";
import { defineLikelihood } from "../../spec/define.js";
import { CONCENTRATION, concentrationOf, concentrationRefusal } from "./concentration.js";
import { withPositive } from "./positive-parameter.js";
import { grayLevelsRefusal } from "./supports.js";

export const betaBinomial = defineLikelihood({
  schema: {
    type: "object",
    title: "beta-binomial with independent elements",
    description:
      "Levels k / n in [0, 1], or codes 0 ... n. A value between two levels counts as the nearest. Draws take n uniform numbers an element",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "beta-binomial" },
      n: {
        type: "integer",
        minimum: 1,
        maximum: 4095,
        default: 255,
        description: "Largest count; 255 for 8-bit gray levels",
      },
      ...CONCENTRATION,
    },
  },
  formula: "P(k | z) = prod_j C(n, k_j) B(k_j + a_j, n - k_j + b_j) / B(a_j, b_j), a = c m(z), b = c (1 - m(z))",
  source: "Skellam 1948; draws: Marsaglia & Tsang 2000",
  capabilities: () => ["density"],
  refuses: (fields, field) => {
    const { support, classes = 0 } = field;
    if (support === "categorical" && Number(fields.n) !== classes - 1)
      return `codes of ${classes} categories are counts from 0 to ${classes - 1}: set "n": ${classes - 1}`;
    if (support === "count")
      return 'a beta-binomial needs counts with a known maximum n: set "support": "categorical" and "classes": n + 1, or use the poisson or the negative-binomial likelihood';
    const other = support === "categorical" ? undefined : grayLevelsRefusal("a beta-binomial", field);
    return other ?? concentrationRefusal(fields);
  },
  create: (fields, { field: { shape, support }, parameters }) => {
    const { outputs, at } = withPositive(concentrationOf(fields), shape, parameters);
    const step = support === "unit" ? 1 / fields.n : 1;
    return {
      outputs,
      at: (all) => {
        const { decoded, log } = at(all);
        return new BetaBinomial(decoded[0]!, log, fields.n, step, shape.length);
      },
    };
  },
});
