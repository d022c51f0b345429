/** Normalization over the positions of one example and a group of channels (the last axis). */

import { channelsOf, EPSILON, groupNorm as layer, unfit } from "../../nn/index.js";
import { defineLayer } from "../../spec/define.js";
import { sizeOf } from "../../tensor/fields.js";

export const groupNorm = defineLayer({
  schema: {
    type: "object",
    title: "group normalization",
    required: ["type", "groups"],
    additionalProperties: false,
    properties: {
      type: { const: "group-norm" },
      groups: { type: "integer", minimum: 1, description: "Number of groups; it must divide the channels" },
      epsilon: { type: "number", exclusiveMinimum: 0, default: EPSILON, description: "Added to the variance" },
    },
  },
  source: "Wu & He 2018",
  shape: ({ groups }, input) => {
    const channels = channelsOf(input);
    if (channels % groups !== 0) return unfit(`cannot split ${channels} channels into ${groups} equal groups`);
    return sizeOf(input) > groups ? input : unfit("would normalize groups of one value to constants");
  },
  create: ({ groups, epsilon }, { input, parameters }) => layer(parameters, channelsOf(input), groups, { epsilon }),
});
