/**
 * p(x|z) = prod_j t_nu((x_j - m_j(z)) / s) / s, in nats. Its heavy tails make outliers cost little, so they do not drive the
 * mean or the scale.
 */

import { StudentT } from "../../distributions/student-t.js";
import { defineLikelihood } from "../../spec/define.js";
import { locationScaleLikelihood, SCALE, type ScaleFields } from "./scale.js";

export const studentT = defineLikelihood({
  schema: {
    type: "object",
    title: "Student-t with independent elements",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "student-t" },
      degrees: {
        type: "number",
        exclusiveMinimum: 1,
        default: 5,
        description: "Degrees of freedom nu: the fewer, the heavier the tails; above 1, so that there is a mean",
      },
      ...SCALE,
    },
  },
  formula: "p(x | z) = prod_j t_nu((x_j - m_j(z)) / s) / s",
  source: "Takahashi et al. 2018, equation 9; Mattei & Frellsen 2019, section 4",
  ...locationScaleLikelihood(
    "a Student-t density",
    (location, logScale, eventRank, { degrees }: ScaleFields & { degrees: number }) =>
      new StudentT(location, logScale, degrees, eventRank),
  ),
});
