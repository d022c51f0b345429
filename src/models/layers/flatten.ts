/** Any shape → [units], in row-major order. */
import { defineLayer } from "../../spec/define.js";
import { sizeOf } from "../../tensor/fields.js";
import { tf } from "../../tensor/tensor.js";

export const flatten = defineLayer({
  schema: {
    type: "object",
    title: "flatten",
    required: ["type"],
    additionalProperties: false,
    properties: { type: { const: "flatten" } },
  },
  shape: (_, input) => [sizeOf(input)],
  create: () => (x) => tf.reshape(x, [x.shape[0]!, -1]),
});
