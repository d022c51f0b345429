/**
 * All latents flattened and concatenated, a dense layer to the width, residual blocks of dense layers with pre-activation
 * (src/nn/residual.ts), and a linear layer to the likelihood's parameters. With a dense-residual encoder, the defaults are its fields.
 */

import {
  DENSE_RESIDUAL,
  dense,
  denseResidualStack,
  flattenLatents,
  INITIALIZATION,
  initializerOf,
  mirrorOf,
  NORMALIZE_WEIGHTS,
  refuseZeroWeights,
} from "../../nn/index.js";
import { defineDecoder } from "../../spec/define.js";
import { sizeOf } from "../../tensor/fields.js";
import { tf } from "../../tensor/tensor.js";

const DEFAULTS = { width: 256, blocks: 2, activation: "relu", normalization: "none", dropout: 0 } as const;

export const denseResidual = defineDecoder({
  schema: {
    type: "object",
    title: "dense residual network",
    description: "Produces fields of any shape. Fields default to those of a dense-residual encoder.",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "dense-residual" },
      width: { ...DENSE_RESIDUAL.width, description: "Units of every layer but the last; else 256" },
      blocks: { ...DENSE_RESIDUAL.blocks, description: "Residual blocks, with two dense layers each; else 2" },
      activation: {
        ...DENSE_RESIDUAL.activation,
        description: "Activation before every dense layer of a block; else relu",
      },
      normalization: {
        ...DENSE_RESIDUAL.normalization,
        description: "Normalization before every activation; else none",
      },
      dropout: { ...DENSE_RESIDUAL.dropout, description: "Dropout probability within blocks; else 0" },
      ...INITIALIZATION,
      ...NORMALIZE_WEIGHTS,
    },
  },
  formula: "h <- h + W2 a(n(W1 a(n(h)))), with the activation a and the normalization n",
  source: "He, Zhang, Ren & Sun 2016, Identity Mappings in Deep Residual Networks, figure 4e, with dense layers",
  resolve: (fields, { encoder }) => refuseZeroWeights({ ...mirrorOf("dense-residual", DEFAULTS, encoder), ...fields }),
  create: (fields, { latents, output, parameters }) => {
    const { width, blocks, ...following } = { ...DEFAULTS, ...fields };
    const flat = flattenLatents(latents);
    const sizes = { width, blocks, initializer: initializerOf(following) };
    const network = denseResidualStack(parameters, flat.size, sizes, following);
    const initializer = initializerOf({ ...following, activation: "identity" });
    const { normalizeWeights } = following;
    const last = dense(parameters.scope("output"), width, sizeOf(output), initializer, { normalizeWeights });
    return {
      decode: (values, context) => tf.reshape(last(network(flat.apply(values), context)), [-1, ...output]),
    };
  },
});
