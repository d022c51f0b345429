/** x W + b, then an activation: [inputs] → [units]. */

import {
  ACTIVATIONS,
  activate,
  dense as denseLayer,
  INITIALIZATION,
  initializerOf,
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
      units: { type: "integer", minimum: 1, description: "outputs" },
      activation: { enum: ACTIVATIONS, default: "identity", description: "what follows" },
      bias: {
        type: "boolean",
        default: true,
        description: "whether there is one; a normalization after it needs none",
      },
      ...INITIALIZATION,
    },
  },
  shape: ({ units }, input) => {
    unitsOf(input);
    return [units];
  },
  create: ({ units, activation, bias, ...initialization }, { input, parameters, initializer }) =>
    sequence([
      denseLayer(parameters, unitsOf(input), units, initializerOf({ ...initialization, activation }, initializer), {
        bias,
      }),
      activate(activation),
    ]),
});
