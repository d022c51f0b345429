/**
 * All latents flattened and concatenated, gated dense layers (x W + b) * sigmoid(x V + c), and a linear layer to the
 * likelihood's parameters. With a gated-mlp encoder, the default hidden layers are the encoder's in reverse.
 */

import {
  dense,
  flattenLatents,
  gatedDenseStack,
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

const DEFAULTS = { hidden: [300, 300] };

export const gatedMlp = defineDecoder({
  schema: {
    type: "object",
    title: "gated multilayer perceptron",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "gated-mlp" },
      hidden: {
        ...SIZES,
        description:
          "Units of each hidden layer, from the latent on; [] for none. Default: those of a gated-mlp encoder in reverse, else [300, 300]",
      },
      ...INITIALIZATION,
      ...NORMALIZE_WEIGHTS,
    },
  },
  source: "Dauphin & Grangier 2016; sizes and initial weights: Tomczak & Welling 2018 and its code",
  resolve: (fields, { encoder }) => refuseZeroWeights({ ...mirrorOf("gated-mlp", DEFAULTS, encoder), ...fields }),
  create: ({ hidden = DEFAULTS.hidden, normalizeWeights, ...initialization }, { latents, output, parameters }) => {
    const flat = flattenLatents(latents);
    const options = { normalizeWeights };
    const layers = gatedDenseStack(
      parameters,
      flat.size,
      hidden,
      initializerOf({ activation: "relu", ...initialization }),
      options,
    );
    const last = dense(
      parameters.scope("output"),
      layers.outputs,
      sizeOf(output),
      initializerOf(initialization),
      options,
    );
    return {
      decode: (values, context) => tf.reshape(last(layers.apply(flat.apply(values), context)), [-1, ...output]),
    };
  },
});
