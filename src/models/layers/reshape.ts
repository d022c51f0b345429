/** The same values in another shape, in row-major order. */

import { unfit } from "../../nn/index.js";
import { defineLayer } from "../../spec/define.js";
import { showShape, sizeOf } from "../../tensor/fields.js";
import { tf } from "../../tensor/tensor.js";

export const reshape = defineLayer({
  schema: {
    type: "object",
    title: "reshape",
    required: ["type", "shape"],
    additionalProperties: false,
    properties: {
      type: { const: "reshape" },
      shape: {
        type: "array",
        items: { type: "integer", minimum: 1 },
        minItems: 1,
        description: "Shape of one example: [units] or [height, width, channels]",
      },
    },
  },
  shape: ({ shape }, input) =>
    sizeOf(shape) === sizeOf(input)
      ? shape
      : unfit(`cannot become ${showShape(shape)}, which has ${sizeOf(shape)} values, not ${sizeOf(input)}`),
  create:
    ({ shape }) =>
    (x) =>
      tf.reshape(x, [x.shape[0]!, ...shape]),
});
