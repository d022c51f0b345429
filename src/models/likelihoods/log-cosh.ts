/**
 * p(x|z) = prod_j 1 / (pi s cosh((x_j - m_j(z)) / s)), in nats: training on the log-cosh loss, which is quadratic near 0 and linear
 * far away, with its constants.
 */

import { HyperbolicSecant } from "../../distributions/hyperbolic-secant.js";
import { defineLikelihood } from "../../spec/define.js";
import { locationScaleLikelihood, SCALE } from "./scale.js";

export const logCosh = defineLikelihood({
  schema: {
    type: "object",
    title: "hyperbolic secant with independent elements",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "log-cosh" },
      ...SCALE,
    },
  },
  formula: "p(x | z) = prod_j sech((x_j - m_j(z)) / s) / (pi s)",
  source: "Chen, Chen & Hsieh 2019, 'Log hyperbolic cosine loss improves variational auto-encoder'",
  ...locationScaleLikelihood(
    "a hyperbolic secant",
    (location, logScale, eventRank) => new HyperbolicSecant(location, logScale, eventRank),
  ),
});
