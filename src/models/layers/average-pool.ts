/** The mean over windows, by channel: [height, width, channels] → [height / stride, width / stride, channels]. */
import { defineLayer } from "../../core/define.js";
import { POOLING, averagePool as pool, poolingLayer } from "../../core/nn.js";

export const averagePool = defineLayer({
  schema: {
    type: "object",
    title: "mean over windows",
    required: ["type"],
    additionalProperties: false,
    properties: { type: { const: "average-pool" }, ...POOLING },
  },
  ...poolingLayer(pool),
});
