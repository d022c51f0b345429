/**
 * Dense layers, a dense layer to feature maps, and transposed convolutions with "same" padding, up to exactly the height and
 * width of the image: the sizes are those that the strides produce on the way down. Normalization, activation and dropout
 * follow every layer but the last, which is linear and outputs the likelihood's parameters. With a conv encoder, the defaults
 * are its fields, with lists in reverse.
 */

import {
  type CalledLayer,
  CONVOLUTIONAL,
  conv2dTranspose,
  decoderShapes,
  dense,
  denseStack,
  flattenLatents,
  follow,
  INITIALIZATION,
  initializerOf,
  type Layer,
  linearOptions,
  NORMALIZE_WEIGHTS,
  sequence,
  stridedDecoder,
  stridesOf,
} from "../../nn/index.js";
import { defineDecoder } from "../../spec/define.js";
import { sizeOf } from "../../tensor/fields.js";
import type { Initializer } from "../../tensor/initializers.js";
import { tf } from "../../tensor/tensor.js";

const DEFAULTS = {
  filters: [64, 32],
  kernel: 4,
  hidden: [256],
  activation: "relu",
  normalization: "none",
  dropout: 0,
} as const;
export const conv = defineDecoder({
  schema: {
    type: "object",
    title: "transposed convolutional network",
    description: "Produces images and sequences of any size.",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "conv" },
      filters: {
        ...CONVOLUTIONAL.filters,
        description:
          "Input channels of each transposed convolution, from the latent on. Default: those of a conv encoder in reverse, else [64, 32]",
      },
      kernel: {
        ...CONVOLUTIONAL.kernel,
        description: "Height and width of the kernels. Default: that of a conv encoder, else 4",
      },
      strides: {
        ...CONVOLUTIONAL.strides,
        description:
          "Stride of each transposed convolution. Default: those of a conv encoder in reverse, else 2; [2, 1] is 2 in rows and 1 in columns",
      },
      hidden: {
        ...CONVOLUTIONAL.hidden,
        description:
          "Units of each dense layer before the feature maps. Default: those of a conv encoder in reverse, else [256]",
      },
      activation: {
        ...CONVOLUTIONAL.activation,
        description: "Activation after every layer but the last. Default: that of a conv encoder, else relu",
      },
      normalization: {
        ...CONVOLUTIONAL.normalization,
        description: "Normalization before every activation. Default: that of a conv encoder, else none",
      },
      dropout: {
        ...CONVOLUTIONAL.dropout,
        description: "Dropout probability after activations. Default: that of a conv encoder, else 0",
      },
      ...INITIALIZATION,
      ...NORMALIZE_WEIGHTS,
    },
  },
  source: "Radford et al. 2016 (DCGAN), section 3",
  ...stridedDecoder("conv", DEFAULTS),
  create: (fields, { latents, output, field, parameters }) => {
    const { filters, kernel, hidden, ...following } = { ...DEFAULTS, ...fields };
    const given = stridesOf({ filters, strides: fields.strides });
    const { extents, strides, channels, along } = decoderShapes(given, field, output);
    const smallest = extents[0]!;
    const flat = flattenLatents(latents);
    const initializer = initializerOf(following);
    const linear = linearOptions(following);
    const layers = denseStack(parameters, flat.size, hidden, following, initializer);
    const units = sizeOf([...smallest, filters[0]!]);
    const toMaps = dense(parameters.scope("maps"), layers.outputs, units, initializer, linear);
    const afterMaps = follow(parameters, "maps", filters[0]!, following);
    const transposed = sequence(
      filters.flatMap((inputs, i): CalledLayer[] => {
        const name = `conv-${i}`;
        const layer = (outputs: number, more: { initializer: Initializer; bias?: boolean }): Layer =>
          conv2dTranspose(parameters.scope(name), extents[i + 1]!, {
            ...{ inputs, outputs, kernel: along(kernel), stride: strides[i]! },
            ...linear,
            ...more,
          });
        const outputs = filters[i + 1];
        if (outputs === undefined)
          return [
            layer(channels, { initializer: initializerOf({ ...following, activation: "identity" }), bias: true }),
          ];
        return [layer(outputs, { initializer }), follow(parameters, name, outputs, following)];
      }),
    );
    return {
      decode: (values, context) => {
        const maps = toMaps(layers.apply(flat.apply(values), context));
        const after = afterMaps(tf.reshape(maps, [-1, ...smallest, filters[0]!]), context);
        return tf.reshape(transposed(after, context), [-1, ...output]);
      },
    };
  },
});
