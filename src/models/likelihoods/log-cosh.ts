/**
 * p(x|z) = prod_j 1 / (pi s cosh((x_j - m_j(z)) / s)), in nats: training on the log-cosh loss, which is quadratic near 0 and linear
 * far away, with its constants.
 */

import { HyperbolicSecant } from "../../distributions/hyperbolic-secant.js";
import { defineLikelihood } from "../../spec/define.js";
import { locationAndScale, SCALE, scaleRefusal } from "./scale.js";

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
  capabilities: () => ["density"],
  refuses: (fields, { support }) =>
    support === "categorical"
      ? "a hyperbolic secant is not a density over categories: it needs numbers"
      : scaleRefusal(fields),
  create: (fields, { field: { shape }, parameters }) => {
    const { outputs, at } = locationAndScale(fields, shape, parameters);
    return {
      outputs,
      at: (decoded) => {
        const { location, logScale } = at(decoded);
        return new HyperbolicSecant(location, logScale, shape.length);
      },
    };
  },
});
