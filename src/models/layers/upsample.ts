/** Every pixel repeated in both directions: [height, width, channels] → [height * factor, width * factor, channels]. */

import { mapsOf, upsample as repeat } from "../../nn/index.js";
import { defineLayer } from "../../spec/define.js";

export const upsample = defineLayer({
  schema: {
    type: "object",
    title: "nearest-neighbor upsampling",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "upsample" },
      factor: { type: "integer", minimum: 1, default: 2, description: "Factor by which height and width grow" },
    },
  },
  shape: ({ factor }, input) => {
    const [height, width, channels] = mapsOf(input);
    return [height * factor, width * factor, channels];
  },
  create: (_, { output }) => repeat([output[0]!, output[1]!]),
});
