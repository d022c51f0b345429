/**
 * Convolutions with one kernel size and "same" padding, each followed by normalization, activation and dropout, then dense
 * layers likewise. Height and width are arbitrary: a stride s takes a length n to ceil(n / s). Inputs that are not images of
 * that size, such as a label, are concatenated with the flattened maps before the dense layers.
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
  sequence,
  stridedEncoder,
  stridesOf,
} from "../../nn/index.js";
import { defineEncoder } from "../../spec/define.js";

export const conv = defineEncoder({
  schema: {
    type: "object",
    title: "convolutional network",
    description: "Takes images and sequences of any size.",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "conv" },
      filters: {
        ...CONVOLUTIONAL.filters,
        default: [32, 64],
        description: "Channels of each convolution, from the image on",
      },
      kernel: { ...CONVOLUTIONAL.kernel, default: 4, description: "Height and width of the kernels" },
      strides: {
        ...CONVOLUTIONAL.strides,
        description: "Stride of each convolution; 2 by default; [2, 1] is 2 in rows and 1 in columns",
      },
      hidden: {
        ...CONVOLUTIONAL.hidden,
        default: [256],
        description: "Units of each dense layer after the convolutions; [] for none",
      },
      activation: { ...CONVOLUTIONAL.activation, default: "relu", description: "Activation after every layer" },
      normalization: {
        ...CONVOLUTIONAL.normalization,
        default: "none",
        description: 'Normalization before every activation. "group" uses up to 8 groups of at least 4 channels.',
      },
      dropout: { ...CONVOLUTIONAL.dropout, default: 0, description: "Dropout probability after activations" },
      ...INITIALIZATION,
      ...NORMALIZE_WEIGHTS,
    },
  },
  source: "LeCun et al. 1989; strides instead of pooling: Springenberg et al. 2015",
  ...stridedEncoder,
  create: ({ filters, kernel, strides, hidden, ...following }, { inputs, parameters }) => {
    const images = imageFields(inputs);
    const steps = stridesOf({ filters, strides }).map(images.along);
    const [height, width] = extentsAlong(images.extent, steps)!.at(-1)!;
    const initializer = initializerOf(following);
    const convolutions = sequence(
      filters.flatMap((outputs, i) => {
        const name = `conv-${i}`;
        const shape = {
          inputs: filters[i - 1] ?? images.channels,
          outputs,
          kernel: images.along(kernel),
          stride: steps[i]!,
        };
        return [
          conv2d(parameters.scope(name), { ...shape, initializer, ...linearOptions(following) }),
          follow(parameters, name, outputs, following),
        ];
      }),
    );
    return imageEncoder(images, { network: convolutions, shape: [height, width, filters.at(-1)!] }, (size) =>
      denseStack(parameters, size, hidden, following, initializer),
    );
  },
});
