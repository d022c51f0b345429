/** x W + b, then an activation: [inputs] → [units]. */

import {
  ACTIVATIONS,
  activate,
  dense as denseLayer,
  INITIALISATION,
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
        description: "whether there is one; a normalisation after it needs none",
      },
      ...INITIALISATION,
    },
  },
  shape: ({ units }, input) => {
    unitsOf(input);
    return [units];
  },
  create: ({ units, activation, bias, ...initialisation }, { input, parameters, initializer }) =>
    sequence([
      denseLayer(parameters, unitsOf(input), units, initializerOf({ ...initialisation, activation }, initializer), {
        bias,
      }),
      activate(activation),
    ]),
});
