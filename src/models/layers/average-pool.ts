/** Average pooling by channel: [height, width, channels] → [height / stride, width / stride, channels]. */

import { POOLING, averagePool as pool, poolingLayer } from "../../nn/index.js";
import { defineLayer } from "../../spec/define.js";

export const averagePool = defineLayer({
  schema: {
    type: "object",
    title: "average pooling",
    required: ["type"],
    additionalProperties: false,
    properties: { type: { const: "average-pool" }, ...POOLING },
  },
  ...poolingLayer(pool),
});
