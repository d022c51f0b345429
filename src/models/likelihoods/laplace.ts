/**
 * p(x|z) = prod_j exp(-|x_j - m_j(z)| / s) / (2 s), in nats: training on the absolute error, with its constants.
 */

import { Laplace } from "../../distributions/laplace.js";
import { defineLikelihood } from "../../spec/define.js";
import { locationScaleLikelihood, SCALE } from "./scale.js";

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
  ...locationScaleLikelihood(
    "a Laplace density",
    (location, logScale, eventRank) => new Laplace(location, logScale, eventRank),
  ),
});
