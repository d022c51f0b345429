/**
 * In training, sets each element to 0 with probability `rate` and divides the others by 1 - rate. Outside training it is the
 * identity.
 */

import { dropout as layer } from "../../nn/index.js";
import { defineLayer } from "../../spec/define.js";

export const dropout = defineLayer({
  schema: {
    type: "object",
    title: "dropout",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "dropout" },
      rate: {
        type: "number",
        minimum: 0,
        exclusiveMaximum: 1,
        default: 0.5,
        description: "Probability that an element is dropped",
      },
    },
  },
  source: "Srivastava et al. 2014",
  shape: (_, input) => input,
  create: ({ rate }, { name }) => layer(rate, `dropout/${name}`),
});
