/**
 * All inputs flattened and concatenated (labels one-hot), a dense layer to the width, then residual blocks of dense layers with
 * pre-activation (src/nn/residual.ts).
 */

import {
  DENSE_RESIDUAL,
  denseResidualStack,
  flattenFields,
  INITIALIZATION,
  initializerOf,
  NORMALIZE_WEIGHTS,
  refuseZeroWeights,
} from "../../nn/index.js";
import { defineEncoder } from "../../spec/define.js";

export const denseResidual = defineEncoder({
  schema: {
    type: "object",
    title: "dense residual network",
    description: "Takes fields of any shape. Deep networks of one width train as easily as shallow ones.",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "dense-residual" },
      width: { ...DENSE_RESIDUAL.width, default: 256, description: "Units of every layer" },
      blocks: { ...DENSE_RESIDUAL.blocks, default: 2, description: "Residual blocks, with two dense layers each" },
      activation: {
        ...DENSE_RESIDUAL.activation,
        default: "relu",
        description: "Activation before every dense layer of a block",
      },
      normalization: {
        ...DENSE_RESIDUAL.normalization,
        default: "none",
        description: "Normalization before every activation",
      },
      dropout: { ...DENSE_RESIDUAL.dropout, default: 0, description: "Dropout probability within blocks" },
      ...INITIALIZATION,
      ...NORMALIZE_WEIGHTS,
    },
  },
  formula: "h <- h + W2 a(n(W1 a(n(h)))), with the activation a and the normalization n",
  source: "He, Zhang, Ren & Sun 2016, Identity Mappings in Deep Residual Networks, figure 4e, with dense layers",
  resolve: refuseZeroWeights,
  create: ({ width, blocks, ...following }, { inputs, parameters }) => {
    const flat = flattenFields(inputs);
    const sizes = { width, blocks, initializer: initializerOf(following) };
    const network = denseResidualStack(parameters, flat.size, sizes, following);
    return {
      features: { features: [width] },
      encode: (fields, context) => ({ features: network(flat.apply(fields), context) }),
    };
  },
});
