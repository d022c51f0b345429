/** The mean over windows, by channel: [height, width, channels] → [height / stride, width / stride, channels]. */
import { defineLayer } from "../../core/define.js";
import { mapsOf, PADDINGS, averagePool as pool, windowed } from "../../core/nn.js";

export const averagePool = defineLayer({
  schema: {
    type: "object",
    title: "mean over windows",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "average-pool" },
      kernel: { type: "integer", minimum: 1, default: 2, description: "height and width of the window" },
      stride: { type: "integer", minimum: 1, description: "rows and columns between windows; by default those of one" },
      padding: {
        enum: PADDINGS,
        default: "valid",
        description: "valid: windows inside alone; same: windows over the edge, of what is there",
      },
    },
  },
  shape: ({ kernel, stride = kernel, padding }, input) => {
    const [height, width, channels] = mapsOf(input);
    return [...windowed([height, width], { kernel, stride, padding }), channels];
  },
  create: ({ kernel, stride = kernel, padding }) => pool({ kernel, stride, padding }),
});
