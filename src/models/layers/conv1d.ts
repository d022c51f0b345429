/** Convolution, then an activation: [length, channels] → [length / stride, filters], rounded up. */

import {
  ACTIVATIONS,
  activate,
  conv1d as convolution,
  INITIALIZATION,
  initializerOf,
  NORMALIZE_WEIGHTS,
  PADDINGS,
  refuseZeroWeights,
  sequence,
  sequenceOf,
  windowedLength,
} from "../../nn/index.js";
import { defineLayer } from "../../spec/define.js";

export const conv1d = defineLayer({
  schema: {
    type: "object",
    title: "convolution over a sequence",
    required: ["type", "filters"],
    additionalProperties: false,
    properties: {
      type: { const: "conv1d" },
      filters: { type: "integer", minimum: 1, description: "Output channels" },
      kernel: { type: "integer", minimum: 1, default: 3, description: "Length of the kernel" },
      stride: { type: "integer", minimum: 1, default: 1, description: "Step between windows" },
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
  formula: "y[t] = sum over k and channels of x[stride t + k - padding before] W[k], plus b",
  source: "Waibel et al. 1989 (time-delay neural networks)",
  resolve: refuseZeroWeights,
  shape: ({ filters, ...window }, input) => [windowedLength(sequenceOf(input)[0], window), filters],
  create: (
    { filters, kernel, stride, padding, activation, bias, normalizeWeights, ...initialization },
    { input, parameters, initializer },
  ) => {
    const shape = { inputs: sequenceOf(input)[1], outputs: filters, kernel, stride, padding, bias, normalizeWeights };
    return sequence([
      convolution(parameters, { ...shape, initializer: initializerOf({ ...initialization, activation }, initializer) }),
      activate(activation),
    ]);
  },
});
