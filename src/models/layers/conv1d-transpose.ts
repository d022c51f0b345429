/**
 * Transposed convolution, then an activation: [length, channels] → [length * stride, filters], or any other length that a
 * convolution of that stride takes to [length].
 */

import {
  ACTIVATIONS,
  activate,
  conv1dTranspose as convolution,
  INITIALIZATION,
  initializerOf,
  NORMALIZE_WEIGHTS,
  refuseZeroWeights,
  sequence,
  sequenceOf,
  unfit,
} from "../../nn/index.js";
import { defineLayer } from "../../spec/define.js";

export const conv1dTranspose = defineLayer({
  schema: {
    type: "object",
    title: "transposed convolution over a sequence",
    required: ["type", "filters"],
    additionalProperties: false,
    properties: {
      type: { const: "conv1d-transpose" },
      filters: { type: "integer", minimum: 1, description: "Output channels" },
      kernel: { type: "integer", minimum: 1, default: 4, description: "Length of the kernel" },
      stride: { type: "integer", minimum: 1, default: 2, description: "Factor by which the length grows" },
      length: {
        type: "integer",
        minimum: 1,
        description: "Output length, if not input times stride: 7 from 4 at stride 2",
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
  formula: "the transpose, in its input, of the convolution conv1d of the same kernel and stride",
  source: "Dumoulin & Visin 2016, chapter 4",
  resolve: refuseZeroWeights,
  shape: ({ filters, stride, length: asked }, input) => {
    const [length] = sequenceOf(input);
    const output = asked ?? length * stride;
    const from = Math.ceil(output / stride);
    if (from !== length)
      return unfit(
        `cannot output a length of ${output}: a stride of ${stride} maps that length to ${from}, not to ${length}`,
      );
    return [output, filters];
  },
  create: (
    { filters, kernel, stride, length: _, activation, bias, normalizeWeights, ...initialization },
    { input, output, parameters, initializer },
  ) => {
    const shape = { inputs: sequenceOf(input)[1], outputs: filters, kernel, stride, bias, normalizeWeights };
    return sequence([
      convolution(parameters, output[0]!, {
        ...shape,
        initializer: initializerOf({ ...initialization, activation }, initializer),
      }),
      activate(activation),
    ]);
  },
});
