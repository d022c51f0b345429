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
  sequence,
  showShape,
  strided,
  unfit,
} from "../../nn/index.js";
import { defineLayer } from "../../spec/define.js";

export const conv2dTranspose = defineLayer({
  schema: {
    type: "object",
    title: "transposed convolution",
    required: ["type", "filters"],
    additionalProperties: false,
    properties: {
      type: { const: "conv2d-transpose" },
      filters: { type: "integer", minimum: 1, description: "channels that it gives" },
      kernel: { type: "integer", minimum: 1, default: 4, description: "height and width of the window" },
      stride: { type: "integer", minimum: 1, default: 2, description: "what height and width are multiplied by" },
      size: {
        type: "array",
        items: { type: "integer", minimum: 1 },
        minItems: 2,
        maxItems: 2,
        description: "height and width that it gives, for odd ones: [7, 7] from [4, 4] by a stride of 2",
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
  source: "Dumoulin & Visin 2016, chapter 4",
  shape: ({ filters, stride, size }, input) => {
    const [height, width] = mapsOf(input);
    const [tall = height * stride, wide = width * stride] = size ?? [];
    const from = strided([tall, wide], stride);
    if (from[0] !== height || from[1] !== width)
      return unfit(
        `cannot give ${showShape([tall, wide])}: a stride of ${stride} takes that to ${showShape(from)}, not to ${showShape([height, width])}`,
      );
    return [tall, wide, filters];
  },
  create: (
    { filters, kernel, stride, size: _, activation, bias, ...initialization },
    { input, output, parameters, initializer },
  ) => {
    const [height = 1, width = 1] = output;
    const shape = { inputs: mapsOf(input)[2], outputs: filters, kernel, stride, bias };
    return sequence([
      convolution(parameters, [height, width], {
        ...shape,
        initializer: initializerOf({ ...initialization, activation }, initializer),
      }),
      activate(activation),
    ]);
  },
});
