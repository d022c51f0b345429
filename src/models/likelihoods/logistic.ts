/**
 * p(x|z) = prod_j sigmoid(y_j) sigmoid(-y_j) / s with y = (x - m(z)) / s, in nats. Its tails are those of a Laplace, and it is
 * smooth in the middle.
 */

import { Logistic } from "../../distributions/logistic.js";
import { defineLikelihood } from "../../spec/define.js";
import { locationScaleLikelihood, SCALE } from "./scale.js";

export const logistic = defineLikelihood({
  schema: {
    type: "object",
    title: "logistic with independent elements",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "logistic" },
      ...SCALE,
    },
  },
  formula: "p(x | z) = prod_j sigmoid(y_j) sigmoid(-y_j) / s, y = (x - m(z)) / s",
  source: "Kingma et al. 2016, section 5.2, before discretization",
  ...locationScaleLikelihood(
    "a logistic density",
    (location, logScale, eventRank) => new Logistic(location, logScale, eventRank),
  ),
});
