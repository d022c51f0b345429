/** An elementwise nonlinearity by name; softmax is over the last axis. */

import { ACTIVATIONS, activate } from "../../nn/index.js";
import { defineLayer } from "../../spec/define.js";

export const activation = defineLayer({
  schema: {
    type: "object",
    title: "activation",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "activation" },
      function: { enum: ACTIVATIONS, default: "relu", description: "Name of the function" },
    },
  },
  shape: (_, input) => input,
  create: ({ function: name }) => activate(name),
});
