/**
 * Dense layers, a dense layer to feature maps, stages of residual blocks with pre-activation (src/nn/residual.ts), and a
 * convolution to the likelihood's parameters. The first block of each stage upsamples to the height and width that the
 * strides produce on the way down. With a resnet encoder, the defaults are its fields, with lists in reverse.
 */

import {
  CONVOLUTIONAL,
  conv2d,
  decoderShapes,
  dense,
  denseStack,
  flattenLatents,
  follow,
  INITIALIZATION,
  initializerOf,
  linearOptions,
  NORMALIZE_WEIGHTS,
  residualBlock,
  sequence,
  stridedDecoder,
  stridesOf,
} from "../../nn/index.js";
import { defineDecoder } from "../../spec/define.js";
import { tf } from "../../tensor/tensor.js";

const DEFAULTS = {
  filters: [64, 32],
  blocks: 1,
  hidden: [256],
  activation: "relu",
  normalization: "batch",
  dropout: 0,
} as const;

export const resnet = defineDecoder({
  schema: {
    type: "object",
    title: "residual network",
    description:
      "Produces images and sequences of any size. Fields default to those of a resnet encoder, with lists in reverse.",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "resnet" },
      filters: {
        ...CONVOLUTIONAL.filters,
        description: "Input channels of each stage, from the latent on; else [64, 32]",
      },
      blocks: {
        type: "integer",
        minimum: 1,
        description: "Residual blocks in each stage, with two convolutions each; else 1",
      },
      strides: {
        ...CONVOLUTIONAL.strides,
        description: "Stride of the first block of each stage; else 2; [2, 1] is 2 in rows and 1 in columns",
      },
      hidden: { ...CONVOLUTIONAL.hidden, description: "Units of each dense layer before the feature maps; else [256]" },
      activation: {
        ...CONVOLUTIONAL.activation,
        description: "Activation before every convolution of a block; else relu",
      },
      normalization: {
        ...CONVOLUTIONAL.normalization,
        description: "Normalization before every activation; else batch",
      },
      dropout: { ...CONVOLUTIONAL.dropout, description: "Dropout probability within blocks; else 0" },
      ...INITIALIZATION,
      ...NORMALIZE_WEIGHTS,
    },
  },
  source: "He, Zhang, Ren & Sun 2016, Identity Mappings in Deep Residual Networks, section 4.1, upwards",
  ...stridedDecoder("resnet", DEFAULTS),
  create: (fields, { latents, output, field, parameters }) => {
    const { filters, blocks, hidden, ...following } = { ...DEFAULTS, ...fields };
    const given = stridesOf({ filters, strides: fields.strides });
    const { extents, channels, along } = decoderShapes(given, field, output);
    const kernel = along(3);
    const smallest = extents[0]!;
    const flat = flattenLatents(latents);
    const initializer = initializerOf(following);
    const first = filters[0]!;
    const layers = denseStack(parameters, flat.size, hidden, following, initializer);
    const units = smallest[0] * smallest[1] * first;
    const toMaps = dense(parameters.scope("maps"), layers.outputs, units, initializer, linearOptions(following));
    const stages = filters.flatMap((begins, stage) => {
      const outputs = filters[stage + 1] ?? begins;
      return Array.from({ length: blocks }, (_, block) => {
        const shape = block === 0 ? { inputs: begins, extent: extents[stage + 1]! } : { inputs: outputs };
        return residualBlock(
          parameters,
          `stage-${stage}/block-${block}`,
          { ...shape, outputs, kernel, initializer },
          following,
        );
      });
    });
    const last = filters.at(-1)!;
    const network = sequence([
      ...stages,
      follow(parameters, "last", last, { ...following, dropout: 0 }),
      conv2d(parameters.scope("output"), {
        ...{ inputs: last, outputs: channels, kernel, normalizeWeights: following.normalizeWeights },
        initializer: initializerOf({ ...following, activation: "identity" }),
      }),
    ]);
    return {
      decode: (values, context) => {
        const maps = toMaps(layers.apply(flat.apply(values), context));
        return tf.reshape(network(tf.reshape(maps, [-1, ...smallest, first]), context), [-1, ...output]);
      },
    };
  },
});
