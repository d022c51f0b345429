/** Max pooling by channel: [height, width, channels] → [height / stride, width / stride, channels]. */

import { POOLING, maxPool as pool, poolingLayer } from "../../nn/index.js";
import { defineLayer } from "../../spec/define.js";

export const maxPool = defineLayer({
  schema: {
    type: "object",
    title: "max pooling",
    required: ["type"],
    additionalProperties: false,
    properties: { type: { const: "max-pool" }, ...POOLING },
  },
  ...poolingLayer(pool),
});
