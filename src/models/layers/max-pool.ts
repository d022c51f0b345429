/** The maximum over windows, by channel: [height, width, channels] → [height / stride, width / stride, channels]. */
import { defineLayer } from "../../core/define.js";
import { POOLING, maxPool as pool, poolingLayer } from "../../core/nn.js";

export const maxPool = defineLayer({
  schema: {
    type: "object",
    title: "maximum over windows",
    required: ["type"],
    additionalProperties: false,
    properties: { type: { const: "max-pool" }, ...POOLING },
  },
  ...poolingLayer(pool),
});
