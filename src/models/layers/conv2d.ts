/** Convolution, then an activation: [height, width, channels] → [height / stride, width / stride, filters], rounded up. */

import {
  ACTIVATIONS,
  activate,
  conv2d as convolution,
  INITIALIZATION,
  initializerOf,
  mapsOf,
  PADDINGS,
  sequence,
  windowed,
} from "../../nn/index.js";
import { defineLayer } from "../../spec/define.js";

export const conv2d = defineLayer({
  schema: {
    type: "object",
    title: "convolution",
    required: ["type", "filters"],
    additionalProperties: false,
    properties: {
      type: { const: "conv2d" },
      filters: { type: "integer", minimum: 1, description: "channels that it gives" },
      kernel: { type: "integer", minimum: 1, default: 3, description: "height and width of the window" },
      stride: { type: "integer", minimum: 1, default: 1, description: "rows and columns between windows" },
      padding: {
        enum: PADDINGS,
        default: "same",
        description: "same: zeros around, so that each stride has a window; valid: windows inside alone",
      },
      activation: { enum: ACTIVATIONS, default: "identity", description: "what follows" },
      bias: {
        type: "boolean",
        default: true,
        description: "whether there is one; a normalization after it needs none",
      },
      ...INITIALIZATION,
    },
  },
  source: "LeCun et al. 1989",
  shape: ({ filters, ...window }, input) => {
    const [height, width] = mapsOf(input);
    return [...windowed([height, width], window), filters];
  },
  create: (
    { filters, kernel, stride, padding, activation, bias, ...initialization },
    { input, parameters, initializer },
  ) => {
    const shape = { inputs: mapsOf(input)[2], outputs: filters, kernel, stride, padding, bias };
    return sequence([
      convolution(parameters, { ...shape, initializer: initializerOf({ ...initialization, activation }, initializer) }),
      activate(activation),
    ]);
  },
});
