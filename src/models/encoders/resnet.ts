/**
 * A convolution, stages of residual blocks with pre-activation (src/nn/residual.ts), and dense layers. The first block of
 * each stage downsamples by its stride. Inputs that are not images of that size, such as a label, are concatenated with the
 * flattened maps before the dense layers.
 */

import {
  CONVOLUTIONAL,
  conv2d,
  denseStack,
  extentsAlong,
  follow,
  INITIALIZATION,
  imageEncoder,
  imageFields,
  initializerOf,
  linearOptions,
  NORMALIZE_WEIGHTS,
  residualBlock,
  sequence,
  stridedEncoder,
  stridesOf,
} from "../../nn/index.js";
import { defineEncoder } from "../../spec/define.js";

export const resnet = defineEncoder({
  schema: {
    type: "object",
    title: "residual network",
    description: "Takes images and sequences of any size.",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "resnet" },
      filters: {
        ...CONVOLUTIONAL.filters,
        default: [32, 64],
        description: "Channels of each stage, from the image on",
      },
      blocks: {
        type: "integer",
        minimum: 1,
        default: 1,
        description: "Residual blocks in each stage, with two convolutions each",
      },
      strides: {
        ...CONVOLUTIONAL.strides,
        description: "Stride of the first block of each stage; 2 by default; [2, 1] is 2 in rows and 1 in columns",
      },
      hidden: {
        ...CONVOLUTIONAL.hidden,
        default: [256],
        description: "Units of each dense layer after the blocks; [] for none",
      },
      activation: {
        ...CONVOLUTIONAL.activation,
        default: "relu",
        description: "Activation before every convolution of a block",
      },
      normalization: {
        ...CONVOLUTIONAL.normalization,
        default: "batch",
        description: "Normalization before every activation",
      },
      dropout: { ...CONVOLUTIONAL.dropout, default: 0, description: "Dropout probability within blocks" },
      ...INITIALIZATION,
      ...NORMALIZE_WEIGHTS,
    },
  },
  source: "He, Zhang, Ren & Sun 2016, Identity Mappings in Deep Residual Networks, section 4.1",
  ...stridedEncoder,
  create: ({ filters, blocks, strides, hidden, ...following }, { inputs, parameters }) => {
    const images = imageFields(inputs);
    const steps = stridesOf({ filters, strides }).map(images.along);
    const kernel = images.along(3);
    const [height, width] = extentsAlong(images.extent, steps)!.at(-1)!;
    const initializer = initializerOf(following);
    const first = filters[0]!;
    const stages = filters.flatMap((outputs, stage) =>
      Array.from({ length: blocks }, (_, block) => {
        const shape =
          block === 0 ? { inputs: filters[stage - 1] ?? first, stride: steps[stage]! } : { inputs: outputs };
        return residualBlock(
          parameters,
          `stage-${stage}/block-${block}`,
          { ...shape, outputs, kernel, initializer },
          following,
        );
      }),
    );
    const channels = filters.at(-1)!;
    const network = sequence([
      conv2d(parameters.scope("first"), {
        ...{ inputs: images.channels, outputs: first, kernel },
        ...{ initializer, ...linearOptions(following) },
      }),
      ...stages,
      follow(parameters, "last", channels, { ...following, dropout: 0 }),
    ]);
    return imageEncoder(images, { network, shape: [height, width, channels] }, (size) =>
      denseStack(parameters, size, hidden, following, initializer),
    );
  },
});
