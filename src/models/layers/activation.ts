/** A nonlinearity by name, element by element; softmax over the last axis. */
import { defineLayer } from "../../core/define.js";
import { ACTIVATIONS, activate } from "../../core/nn.js";

export const activation = defineLayer({
  schema: {
    type: "object",
    title: "activation",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "activation" },
      function: { enum: ACTIVATIONS, default: "relu", description: "its name" },
    },
  },
  shape: (_, input) => input,
  create: ({ function: name }) => activate(name),
});
