/**
 * Multilayer perceptron: all inputs flattened and concatenated (labels one-hot), then dense layers with one activation. With
 * `hidden: []` the features are the flattened input itself, so posterior and decoder are linear.
 */

import {
  ACTIVATIONS,
  denseStack,
  flattenFields,
  INITIALIZATION,
  initializerOf,
  NORMALIZE_WEIGHTS,
  refuseZeroWeights,
  SIZES,
} from "../../nn/index.js";
import { defineEncoder } from "../../spec/define.js";

export const mlp = defineEncoder({
  schema: {
    type: "object",
    title: "multilayer perceptron",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "mlp" },
      hidden: {
        ...SIZES,
        default: [512, 256],
        description: "Units of each hidden layer, from the input on. With [] the encoder is linear.",
      },
      activation: { enum: ACTIVATIONS, default: "relu", description: "Activation after every hidden layer" },
      ...INITIALIZATION,
      ...NORMALIZE_WEIGHTS,
    },
  },
  source: "Kingma & Welling 2014, appendix C",
  resolve: refuseZeroWeights,
  create: ({ hidden, ...following }, { inputs, parameters }) => {
    const flat = flattenFields(inputs);
    const layers = denseStack(parameters, flat.size, hidden, following, initializerOf(following));
    return {
      features: { features: [layers.outputs] },
      encode: (fields, context) => ({ features: layers.apply(flat.apply(fields), context) }),
    };
  },
});
