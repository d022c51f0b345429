/**
 * A convolution, stages of residual blocks with pre-activation (src/core/nn/residual.ts), and dense layers. The first block of each
 * stage goes down by its stride. What is no image of that size (a label) joins the flattened maps before the dense layers.
 */
import { defineEncoder } from "../../core/define.js";
import {
  CONVOLUTIONAL,
  checkStrides,
  conv2d,
  extentsAlong,
  follow,
  INITIALISATION,
  imageFields,
  initializerOf,
  multilayer,
  needsBias,
  residualBlock,
  sequence,
  strideRefusal,
  stridesOf,
} from "../../core/nn.js";
import { tf } from "../../core/tensor.js";

export const resnet = defineEncoder({
  schema: {
    type: "object",
    title: "residual blocks",
    description: "Takes images of any size.",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "resnet" },
      filters: { ...CONVOLUTIONAL.filters, default: [32, 64], description: "of each stage, from the image on" },
      blocks: { type: "integer", minimum: 1, default: 1, description: "in each stage, of two convolutions each" },
      strides: { ...CONVOLUTIONAL.strides, description: "of the first block of each stage; by default 2 in each" },
      hidden: {
        ...CONVOLUTIONAL.hidden,
        default: [256],
        description: "units of each dense layer after the blocks; [] for none",
      },
      activation: { ...CONVOLUTIONAL.activation, default: "relu", description: "before every convolution of a block" },
      normalisation: { ...CONVOLUTIONAL.normalisation, default: "batch", description: "before every activation" },
      dropout: { ...CONVOLUTIONAL.dropout, default: 0, description: "probability of each element, within blocks" },
      ...INITIALISATION,
    },
  },
  source: "He, Zhang, Ren & Sun 2016, Identity Mappings in Deep Residual Networks, section 4.1",
  resolve: (fields) => {
    const strides = stridesOf(fields);
    checkStrides(fields.filters as number[], strides);
    return { ...fields, strides };
  },
  refuses: (fields, field) => strideRefusal(stridesOf(fields), field),
  create: ({ filters, blocks, strides, hidden, ...following }, { inputs, parameters }) => {
    const images = imageFields(inputs);
    const steps = stridesOf({ filters, strides });
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
          { ...shape, outputs, initializer },
          following,
        );
      }),
    );
    const channels = filters.at(-1)!;
    const network = sequence([
      conv2d(parameters.scope("first"), {
        ...{ inputs: images.channels, outputs: first, kernel: 3 },
        ...{ initializer, bias: needsBias(following) },
      }),
      ...stages,
      follow(parameters, "last", channels, { ...following, dropout: 0 }),
    ]);
    const size = height * width * channels;
    const layers = multilayer(parameters, size + images.rest.size, hidden, following, initializer);
    return {
      features: { features: [layers.outputs] },
      encode: (fields, context) => {
        const maps = tf.reshape(network(images.apply(fields), context), [-1, size]);
        const joined = images.rest.size > 0 ? tf.concat([maps, images.rest.apply(fields)], 1) : maps;
        return { features: layers.apply(joined, context) };
      },
    };
  },
});
