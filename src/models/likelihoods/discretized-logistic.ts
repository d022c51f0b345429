/**
 * P(x|z) = prod_j (F((x_j - m_j(z) + h) / s) - F((x_j - m_j(z) - h) / s)), F the logistic function and h half a gray level, in nats: a
 * mass over 8-bit gray levels, so its figures are those of the levels themselves and need no dequantization.
 */

import { DiscretizedLogistic } from "../../distributions/discretized-logistic.js";
import { defineLikelihood } from "../../spec/define.js";
import { locationAndScale, SCALE, scaleRefusal } from "./scale.js";
import { grayLevelsRefusal } from "./supports.js";

export const discretizedLogistic = defineLikelihood({
  schema: {
    type: "object",
    title: "discretized logistic with independent elements",
    description: "A mass over the 256 gray levels k / 255. A value between two levels counts as the nearest.",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "discretized-logistic" },
      ...SCALE,
      scale: { ...SCALE.scale, default: 0.1 },
      learn: { ...SCALE.learn, default: "shared" },
    },
  },
  formula:
    "P(x | z) = prod_j (F((x_j - m_j(z) + h) / s) - F((x_j - m_j(z) - h) / s)), h = 1/510; the ends take the tails",
  source: "Kingma et al. 2016, section 5.2; Salimans et al. 2017, equation 2",
  capabilities: () => ["density"],
  refuses: (fields, field) => grayLevelsRefusal("a discretized logistic", field) ?? scaleRefusal(fields),
  create: (fields, { field: { shape }, parameters }) => {
    const { outputs, at } = locationAndScale(fields, shape, parameters);
    return {
      outputs,
      at: (decoded) => {
        const { location, logScale } = at(decoded);
        return new DiscretizedLogistic(location, logScale, shape.length);
      },
    };
  },
});
