/**
 * Transposed convolution, then an activation: [height, width, channels] → [height * stride, width * stride, filters], or any
 * other height and width that a convolution of that stride takes to [height, width].
 */

import {
  ACTIVATIONS,
  activate,
  conv2dTranspose as convolution,
  INITIALIZATION,
  initializerOf,
  mapsOf,
  NORMALIZE_WEIGHTS,
  refuseZeroWeights,
  STRIDE,
  sequence,
  showStride,
  strideAxes,
  strided,
  unfit,
} from "../../nn/index.js";
import { defineLayer } from "../../spec/define.js";
import { showShape } from "../../tensor/fields.js";

export const conv2dTranspose = defineLayer({
  schema: {
    type: "object",
    title: "transposed convolution",
    required: ["type", "filters"],
    additionalProperties: false,
    properties: {
      type: { const: "conv2d-transpose" },
      filters: { type: "integer", minimum: 1, description: "Output channels" },
      kernel: { type: "integer", minimum: 1, default: 4, description: "Height and width of the kernel" },
      stride: {
        ...STRIDE,
        default: 2,
        description: "Factor by which height and width grow; [2, 1] doubles the height alone",
      },
      size: {
        type: "array",
        items: { type: "integer", minimum: 1 },
        minItems: 2,
        maxItems: 2,
        description: "Output height and width, if not input times stride: [7, 7] from [4, 4] at stride 2",
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
  source: "Dumoulin & Visin 2016, chapter 4",
  resolve: refuseZeroWeights,
  shape: ({ filters, stride, size }, input) => {
    const [height, width] = mapsOf(input);
    const [down, right] = strideAxes(stride);
    const [tall = height * down, wide = width * right] = size ?? [];
    const from = strided([tall, wide], stride);
    if (from[0] !== height || from[1] !== width)
      return unfit(
        `cannot output ${showShape([tall, wide])}: a stride of ${showStride(stride)} maps that size to ${showShape(from)}, not to ${showShape([height, width])}`,
      );
    return [tall, wide, filters];
  },
  create: (
    { filters, kernel, stride, size: _, activation, bias, normalizeWeights, ...initialization },
    { input, output, parameters, initializer },
  ) => {
    const [height = 1, width = 1] = output;
    const shape = { inputs: mapsOf(input)[2], outputs: filters, kernel, stride, bias, normalizeWeights };
    return sequence([
      convolution(parameters, [height, width], {
        ...shape,
        initializer: initializerOf({ ...initialization, activation }, initializer),
      }),
      activate(activation),
    ]);
  },
});
