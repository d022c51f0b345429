/**
 * Convolutions of one window and padding "same", each followed by normalization, activation and dropout, then dense layers
 * likewise. Any height and width: a stride s takes a length n to ceil(n / s). What is no image of that size (a label) joins
 * the flattened maps before the dense layers.
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
  needsBias,
  sequence,
  stridedEncoder,
  stridesOf,
} from "../../nn/index.js";
import { defineEncoder } from "../../spec/define.js";

export const conv = defineEncoder({
  schema: {
    type: "object",
    title: "convolutions",
    description: "Takes images of any size.",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "conv" },
      filters: { ...CONVOLUTIONAL.filters, default: [32, 64], description: "of each convolution, from the image on" },
      kernel: { ...CONVOLUTIONAL.kernel, default: 4, description: "height and width of the windows" },
      strides: { ...CONVOLUTIONAL.strides, description: "of each convolution; by default 2 in each" },
      hidden: {
        ...CONVOLUTIONAL.hidden,
        default: [256],
        description: "units of each dense layer after the convolutions; [] for none",
      },
      activation: { ...CONVOLUTIONAL.activation, default: "relu", description: "after every layer" },
      normalization: {
        ...CONVOLUTIONAL.normalization,
        default: "none",
        description: "before every activation; group: 8 groups of channels, or fewer, of 4 channels at least",
      },
      dropout: { ...CONVOLUTIONAL.dropout, default: 0, description: "probability of each element, after activations" },
      ...INITIALIZATION,
    },
  },
  source: "LeCun et al. 1989; strides instead of pooling: Springenberg et al. 2015",
  ...stridedEncoder,
  create: ({ filters, kernel, strides, hidden, ...following }, { inputs, parameters }) => {
    const images = imageFields(inputs);
    const steps = stridesOf({ filters, strides });
    const [height, width] = extentsAlong(images.extent, steps)!.at(-1)!;
    const initializer = initializerOf(following);
    const convolutions = sequence(
      filters.flatMap((outputs, i) => {
        const name = `conv-${i}`;
        const shape = { inputs: filters[i - 1] ?? images.channels, outputs, kernel, stride: steps[i]! };
        return [
          conv2d(parameters.scope(name), { ...shape, initializer, bias: needsBias(following) }),
          follow(parameters, name, outputs, following),
        ];
      }),
    );
    return imageEncoder(images, { network: convolutions, shape: [height, width, filters.at(-1)!] }, (size) =>
      denseStack(parameters, size, hidden, following, initializer),
    );
  },
});
