/**
 * Multilayer perceptron: all latents flattened and concatenated, dense layers with one activation, and a linear layer to the
 * likelihood's parameters. With an mlp encoder, the defaults are its activation and its hidden layers in reverse.
 */

import {
  ACTIVATIONS,
  dense,
  denseStack,
  flattenLatents,
  INITIALIZATION,
  initializerOf,
  mirrorOf,
  NORMALIZE_WEIGHTS,
  refuseZeroWeights,
  SIZES,
} from "../../nn/index.js";
import { defineDecoder } from "../../spec/define.js";
import { sizeOf } from "../../tensor/fields.js";
import { tf } from "../../tensor/tensor.js";

const DEFAULTS = { hidden: [256, 512], activation: "relu" } as const;

export const mlp = defineDecoder({
  schema: {
    type: "object",
    title: "multilayer perceptron",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "mlp" },
      hidden: {
        ...SIZES,
        description:
          "Units of each hidden layer, from the latent on; [] for none. Default: those of an mlp encoder in reverse, else [256, 512]",
      },
      activation: {
        enum: ACTIVATIONS,
        description: "Activation after every hidden layer. Default: that of an mlp encoder, else relu",
      },
      ...INITIALIZATION,
      ...NORMALIZE_WEIGHTS,
    },
  },
  source: "Kingma & Welling 2014, appendix C",
  resolve: (fields, { encoder }) => refuseZeroWeights({ ...mirrorOf("mlp", DEFAULTS, encoder), ...fields }),
  create: (fields, { latents, output, parameters }) => {
    const { hidden, ...following } = { ...DEFAULTS, ...fields };
    const flat = flattenLatents(latents);
    const layers = denseStack(parameters, flat.size, hidden, following, initializerOf(following));
    const last = dense(
      parameters.scope("output"),
      layers.outputs,
      sizeOf(output),
      initializerOf({ ...following, activation: "identity" }),
      { normalizeWeights: following.normalizeWeights },
    );
    return {
      decode: (values, context) => {
        const z = flat.apply(values);
        return tf.reshape(last(layers.apply(z, context)), [z.shape[0]!, ...output]);
      },
    };
  },
});
