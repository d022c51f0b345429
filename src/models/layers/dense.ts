/** x W + b, then an activation: [inputs] → [units]. */

import {
  ACTIVATIONS,
  activate,
  dense as denseLayer,
  INITIALIZATION,
  initializerOf,
  NORMALIZE_WEIGHTS,
  refuseZeroWeights,
  sequence,
  unitsOf,
} from "../../nn/index.js";
import { defineLayer } from "../../spec/define.js";

export const dense = defineLayer({
  schema: {
    type: "object",
    title: "dense layer",
    required: ["type", "units"],
    additionalProperties: false,
    properties: {
      type: { const: "dense" },
      units: { type: "integer", minimum: 1, description: "Outputs of the layer" },
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
  resolve: refuseZeroWeights,
  shape: ({ units }, input) => {
    unitsOf(input);
    return [units];
  },
  create: ({ units, activation, bias, normalizeWeights, ...initialization }, { input, parameters, initializer }) =>
    sequence([
      denseLayer(parameters, unitsOf(input), units, initializerOf({ ...initialization, activation }, initializer), {
        bias,
        normalizeWeights,
      }),
      activate(activation),
    ]),
});
