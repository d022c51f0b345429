/** Normalization over each example, with a scale and shift for each index of the last axis. */

import { channelsOf, EPSILON, layerNorm as layer, unfit } from "../../nn/index.js";
import { defineLayer } from "../../spec/define.js";
import { sizeOf } from "../../tensor/fields.js";

export const layerNorm = defineLayer({
  schema: {
    type: "object",
    title: "layer normalization",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "layer-norm" },
      epsilon: { type: "number", exclusiveMinimum: 0, default: EPSILON, description: "Added to the variance" },
    },
  },
  source: "Ba, Kiros & Hinton 2016",
  shape: (_, input) => {
    channelsOf(input);
    return sizeOf(input) > 1 ? input : unfit("would normalize a single value to a constant");
  },
  create: ({ epsilon }, { input, parameters }) => layer(parameters, channelsOf(input), { epsilon }),
});
