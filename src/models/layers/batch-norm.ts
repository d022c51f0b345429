/**
 * Batch normalization over all axes but the last. Each call in training moves the running statistics by 1 - momentum towards
 * the mean and unbiased variance of the batch. Outside training the running statistics are used.
 */

import { channelsOf, EPSILON, batchNorm as layer, MOMENTUM } from "../../nn/index.js";
import { defineLayer } from "../../spec/define.js";

export const batchNorm = defineLayer({
  schema: {
    type: "object",
    title: "batch normalization",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "batch-norm" },
      momentum: {
        type: "number",
        minimum: 0,
        exclusiveMaximum: 1,
        default: MOMENTUM,
        description: "Momentum of the running statistics",
      },
      epsilon: { type: "number", exclusiveMinimum: 0, default: EPSILON, description: "Added to the variance" },
    },
  },
  source: "Ioffe & Szegedy 2015",
  shape: (_, input) => {
    channelsOf(input);
    return input;
  },
  create: ({ momentum, epsilon }, { input, parameters }) => layer(parameters, channelsOf(input), { momentum, epsilon }),
});
