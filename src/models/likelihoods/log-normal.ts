/** p(x|z) = prod_j N(ln x_j; m_j(z), s^2) / x_j, in nats: positive numbers whose logarithms are normal. */
import { LogNormal } from "../../distributions/log-normal.js";
import { defineLikelihood } from "../../spec/define.js";
import { locationScaleLikelihood, SCALE, scaleRefusal } from "./scale.js";
import { supportRefusal } from "./supports.js";

export const logNormal = defineLikelihood({
  schema: {
    type: "object",
    title: "log-normal with independent elements",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "log-normal" },
      ...SCALE,
      scale: { ...SCALE.scale, description: "Scale s of ln x, or its initial value if it is learned or predicted" },
      learn: { ...SCALE.learn, default: "shared" },
    },
  },
  formula: "p(x | z) = prod_j N(ln x_j; m_j(z), s^2) / x_j",
  source: "Galton 1879; for positive columns of tables: Nazabal et al. 2020, section 2.2",
  ...locationScaleLikelihood(
    "a log-normal density",
    (location, logScale, eventRank) => new LogNormal(location, logScale, eventRank),
  ),
  refuses: (fields, field) =>
    supportRefusal("a log-normal density needs values above 0", ["positive"], field) ?? scaleRefusal(fields),
});
