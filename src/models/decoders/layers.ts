/**
 * The listed layers in order, starting from all latents flattened and concatenated. Unless the last layer outputs exactly the
 * shape of the likelihood's parameters, a linear layer is appended: a convolution of window 1 if height and width, or the length of a
 * sequence, already match, else a dense layer.
 */

import {
  connectLayers,
  conv1d,
  conv2d,
  dense,
  flattenLatents,
  INITIALIZATION,
  initializerOf,
  isSequence,
  LAYERS,
  type Layer,
} from "../../nn/index.js";
import { defineDecoder } from "../../spec/define.js";
import { type FieldSchema, type Shape, sizeOf } from "../../tensor/fields.js";
import type { Initializer } from "../../tensor/initializers.js";
import type { ParameterScope } from "../../tensor/parameters.js";
import { tf } from "../../tensor/tensor.js";

/** The linear layer between two shapes. */
const lastLayer = (
  parameters: ParameterScope,
  from: Shape,
  output: Shape,
  field: FieldSchema,
  initializer: Initializer,
): Layer => {
  if (from.length === output.length && from.every((size, axis) => size === output[axis])) return (x) => x;
  const [height, width, ...rest] = output;
  if (from.length === 3 && from[0] === height && from[1] === width)
    return conv2d(parameters.scope("output"), { inputs: from[2]!, outputs: sizeOf(rest), kernel: 1, initializer });
  if (from.length === 2 && isSequence(field) && from[0] === height)
    return conv1d(parameters.scope("output"), {
      inputs: from[1]!,
      outputs: sizeOf([width!, ...rest]),
      kernel: 1,
      initializer,
    });
  const linear = dense(parameters.scope("output"), sizeOf(from), sizeOf(output), initializer);
  return (x) => linear(tf.reshape(x, [-1, sizeOf(from)]));
};

export const layers = defineDecoder({
  schema: {
    type: "object",
    title: "list of layers",
    description: "Your own architecture. `vaelab list layer` names the layers.",
    required: ["type", "layers"],
    additionalProperties: false,
    properties: {
      type: { const: "layers" },
      layers: {
        ...LAYERS,
        description:
          "Layers from the latent on. A linear layer to the likelihood's parameters is appended unless the last layer already has their shape.",
      },
      ...INITIALIZATION,
    },
  },
  inputShape: (_, { latent }) => latent,
  create: ({ layers: listed, ...initialization }, { latents, output, field, parameters }) => {
    const flat = flattenLatents(latents);
    const chain = connectLayers(listed, {
      input: [flat.size],
      name: "",
      parameters: parameters.scope("layers"),
      initializer: (activation) => initializerOf({ ...initialization, activation }),
    });
    const last = lastLayer(parameters, chain.output, output, field, initializerOf(initialization));
    return {
      decode: (values, context) => tf.reshape(last(chain.apply(flat.apply(values), context)), [-1, ...output]),
    };
  },
});
