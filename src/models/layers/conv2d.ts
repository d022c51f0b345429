/** Convolution, then an activation: [height, width, channels] → [height / stride, width / stride, filters], rounded up. */

import {
  ACTIVATIONS,
  activate,
  conv2d as convolution,
  INITIALIZATION,
  initializerOf,
  mapsOf,
  NORMALIZE_WEIGHTS,
  PADDINGS,
  refuseZeroWeights,
  STRIDE,
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
      filters: { type: "integer", minimum: 1, description: "Output channels" },
      kernel: { type: "integer", minimum: 1, default: 3, description: "Height and width of the kernel" },
      stride: {
        ...STRIDE,
        default: 1,
        description: "Step between windows; [2, 1] steps by 2 in rows and 1 in columns",
      },
      padding: {
        enum: PADDINGS,
        default: "same",
        description:
          '"same" pads with zeros, so that a stride s divides a length by s, rounded up; "valid" does not pad',
      },
      activation: { enum: ACTIVATIONS, default: "identity", description: "Activation after the layer" },
      bias: {
        type: "boolean",
        default: true,
        description: "Whether the layer has a bias. A normalization after it makes one redundant.",
      },
      ...INITIALIZATION,
      ...NORMALIZE_WEIGHTS,
    },
  },
  source: "LeCun et al. 1989",
  resolve: refuseZeroWeights,
  shape: ({ filters, ...window }, input) => {
    const [height, width] = mapsOf(input);
    return [...windowed([height, width], window), filters];
  },
  create: (
    { filters, kernel, stride, padding, activation, bias, normalizeWeights, ...initialization },
    { input, parameters, initializer },
  ) => {
    const shape = { inputs: mapsOf(input)[2], outputs: filters, kernel, stride, padding, bias, normalizeWeights };
    return sequence([
      convolution(parameters, { ...shape, initializer: initializerOf({ ...initialization, activation }, initializer) }),
      activate(activation),
    ]);
  },
});
