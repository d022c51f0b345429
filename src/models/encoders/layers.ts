/**
 * The listed layers in order. The first one receives the image, or else all inputs flattened and concatenated with labels
 * one-hot. The output of the last layer is flattened, and inputs that are not images of that size, such as a label, are
 * appended.
 */

import {
  connectLayers,
  flattenFields,
  INITIALIZATION,
  imageFields,
  initializerOf,
  isImage,
  LAYERS,
  networkInput,
} from "../../nn/index.js";
import { defineEncoder } from "../../spec/define.js";
import { sizeOf } from "../../tensor/fields.js";
import { tf } from "../../tensor/tensor.js";

export const layers = defineEncoder({
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
        description: "Layers from the input on. Their shapes are checked during validation.",
      },
      ...INITIALIZATION,
    },
  },
  inputShape: (_, { field }) => networkInput(field),
  create: ({ layers: listed, ...initialization }, { inputs, parameters }) => {
    const isOfImages = Object.values(inputs).some(isImage);
    const images = isOfImages ? imageFields(inputs) : undefined;
    const flat = images ? images.rest : flattenFields(inputs);
    const chain = connectLayers(listed, {
      input: images ? [...images.extent, images.channels] : [flat.size],
      name: "",
      parameters: parameters.scope("layers"),
      initializer: (activation) => initializerOf({ ...initialization, activation }),
    });
    const size = sizeOf(chain.output);
    return {
      features: { features: [images ? size + flat.size : size] },
      encode: (fields, context) => {
        const last = chain.apply((images ?? flat).apply(fields), context);
        const row = tf.reshape(last, [-1, size]);
        return { features: images && flat.size > 0 ? tf.concat([row, flat.apply(fields)], 1) : row };
      },
    };
  },
});
