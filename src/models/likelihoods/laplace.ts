/**
 * p(x|z) = prod_j exp(-|x_j - m_j(z)| / s) / (2 s), in nats: training on the absolute error, with its constants.
 */

import { Laplace } from "../../distributions/laplace.js";
import { defineLikelihood } from "../../spec/define.js";
import { locationAndScale, SCALE, scaleRefusal } from "./scale.js";

export const laplace = defineLikelihood({
  schema: {
    type: "object",
    title: "Laplace with independent elements",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "laplace" },
      ...SCALE,
    },
  },
  formula: "p(x | z) = prod_j exp(-|x_j - m_j(z)| / s) / (2 s)",
  source: "Laplace 1774; as a likelihood: Kendall & Gal 2017, section 2.2",
  capabilities: () => ["density"],
  refuses: (fields, { support }) =>
    support === "categorical"
      ? "a Laplace density is not a density over categories: it needs numbers"
      : scaleRefusal(fields),
  create: (fields, { field: { shape }, parameters }) => {
    const { outputs, at } = locationAndScale(fields, shape, parameters);
    return {
      outputs,
      at: (decoded) => {
        const { location, logScale } = at(decoded);
        return new Laplace(location, logScale, shape.length);
      },
    };
  },
});
