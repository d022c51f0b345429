/** All inputs flattened and concatenated (labels one-hot), then gated dense layers (x W + b) * sigmoid(x V + c). */

import {
  flattenFields,
  gatedDenseStack,
  INITIALIZATION,
  initializerOf,
  NORMALIZE_WEIGHTS,
  refuseZeroWeights,
  SIZES,
} from "../../nn/index.js";
import { defineEncoder } from "../../spec/define.js";

export const gatedMlp = defineEncoder({
  schema: {
    type: "object",
    title: "gated multilayer perceptron",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "gated-mlp" },
      hidden: {
        ...SIZES,
        default: [300, 300],
        description: "Units of each hidden layer, from the input on. With [] the encoder is linear.",
      },
      ...INITIALIZATION,
      ...NORMALIZE_WEIGHTS,
    },
  },
  source: "Dauphin & Grangier 2016; sizes and initial weights: Tomczak & Welling 2018 and its code",
  resolve: refuseZeroWeights,
  create: ({ hidden, normalizeWeights, ...initialization }, { inputs, parameters }) => {
    const flat = flattenFields(inputs);
    const initializer = initializerOf({ activation: "relu", ...initialization });
    const layers = gatedDenseStack(parameters, flat.size, hidden, initializer, { normalizeWeights });
    return {
      features: { features: [layers.outputs] },
      encode: (fields, context) => ({ features: layers.apply(flat.apply(fields), context) }),
    };
  },
});
