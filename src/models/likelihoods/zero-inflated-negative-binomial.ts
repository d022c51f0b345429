/**
 * P(x|z) = prod_j [p_j 1(x_j = 0) + (1 - p_j) NB(x_j; m_j, r_j)], in nats: the counts of a negative binomial, each of which is lost with
 * probability p = sigmoid(a(z)), as in scVI. The decoder gives l, with m = exp(l), and a.
 */
import { NegativeBinomial } from "../../distributions/negative-binomial.js";
import { ZeroInflated } from "../../distributions/zero-inflated.js";
import { defineLikelihood } from "../../spec/define.js";
import { logMeanOf } from "../../tensor/log-mean.js";
import { DISPERSION, dispersionRefusal, inverseDispersionOf } from "./dispersion.js";
import { withPositive } from "./positive-parameter.js";
import { supportRefusal } from "./supports.js";

export const zeroInflatedNegativeBinomial = defineLikelihood({
  schema: {
    type: "object",
    title: "zero-inflated negative binomial with independent elements",
    description:
      "Counts of a negative binomial that are 0 with a probability of their own; the decoder gives the log-mean and the logit of that probability",
    required: ["type"],
    additionalProperties: false,
    properties: { type: { const: "zero-inflated-negative-binomial" }, ...DISPERSION },
  },
  formula: "P(x | z) = prod_j [p_j 1(x_j = 0) + (1 - p_j) NB(x_j; m_j, r)], m = exp(l(z)), p = sigmoid(a(z))",
  source: "Lopez et al. 2018, methods, equation 9",
  capabilities: () => ["density"],
  refuses: (fields, field) =>
    supportRefusal("a zero-inflated negative binomial needs counts", ["count"], field) ?? dispersionRefusal(fields),
  create: (fields, { field: { shape }, parameters }) => {
    const { outputs, at } = withPositive(inverseDispersionOf(fields), shape, parameters, 2);
    return {
      outputs,
      at: (all) => {
        const { decoded, log } = at(all);
        const [mean, logits] = decoded;
        return new ZeroInflated(new NegativeBinomial(logMeanOf(mean!), log, shape.length), logits!, shape.length);
      },
    };
  },
});
