/**
 * The contracting path of a U-Net, with its maps at every scale. A scale has two convolutions, the first of which downsamples by
 * its stride. The expanding path is that of the latents: one that is inferred from "x/low" and from the latent above it joins
 * both, as a skip connection does. Inputs that are not images of that size, such as a label, are constant channels beside the image,
 * so every map sees them.
 */

import {
  type CalledLayer,
  CONVOLUTIONAL,
  conv2d,
  denseStack,
  extentsAlong,
  follow,
  type ImageFields,
  INITIALIZATION,
  imageFields,
  initializerOf,
  linearOptions,
  NORMALIZE_WEIGHTS,
  type Stride,
  sequence,
  stridedEncoder,
  stridesOf,
} from "../../nn/index.js";
import { defineEncoder } from "../../spec/define.js";
import { type Fields, type Shape, sizeOf } from "../../tensor/fields.js";
import { type Tensor, tf } from "../../tensor/tensor.js";

/** "low", "middle" and "features", from the image on; "middle-1", "middle-2", ... if there are more than three. */
const namesOf = (scales: number): string[] =>
  Array.from({ length: scales }, (_, k) => {
    if (k === scales - 1) return "features";
    if (k === 0) return "low";
    return scales === 3 ? "middle" : `middle-${k}`;
  });

/** The images with every other input as constant channels. */
const maps = ({ extent, apply, rest }: ImageFields, fields: Fields): Tensor => {
  const images = apply(fields);
  if (rest.size === 0) return images;
  const constant = tf.tile(tf.reshape(rest.apply(fields), [-1, 1, 1, rest.size]), [1, ...extent, 1]);
  return tf.concat([images, constant], 3);
};

export const unet = defineEncoder({
  schema: {
    type: "object",
    title: "convolutional ladder (contracting path of a U-Net)",
    description:
      'Takes images and sequences of any size. Its feature maps are "low", "middle" and "features", from the finest scale to the deepest; with more than three scales "middle-1", "middle-2" and so on. "features" ends in dense layers; the others are maps [height, width, channels], for latents that are inferred from "x/low" or "x/middle".',
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "unet" },
      filters: {
        ...CONVOLUTIONAL.filters,
        minItems: 2,
        default: [16, 32, 64],
        description: "Channels of each scale, from the image on",
      },
      kernel: { ...CONVOLUTIONAL.kernel, default: 3, description: "Height and width of the kernels" },
      strides: {
        ...CONVOLUTIONAL.strides,
        description:
          "Stride of the first convolution of each scale; 2 by default; [2, 1] is 2 in rows and 1 in columns",
      },
      hidden: {
        ...CONVOLUTIONAL.hidden,
        default: [256],
        description: 'Units of each dense layer before "features"; [] for none',
      },
      activation: { ...CONVOLUTIONAL.activation, default: "relu", description: "Activation after every layer" },
      normalization: {
        ...CONVOLUTIONAL.normalization,
        default: "none",
        description: "Normalization before every activation",
      },
      dropout: { ...CONVOLUTIONAL.dropout, default: 0, description: "Dropout probability after activations" },
      ...INITIALIZATION,
      ...NORMALIZE_WEIGHTS,
    },
  },
  formula: "d_0 = x; d_k = a(n(conv(a(n(conv(d_(k-1), stride s_k)))))); low = d_1, ..., features = dense(d_K)",
  source:
    "Ronneberger, Fischer & Brox 2015, U-Net, section 2, with strides for pooling; as a ladder: Sønderby et al. 2016",
  ...stridedEncoder,
  create: ({ filters, kernel, strides, hidden, ...following }, { inputs, parameters }) => {
    const images = imageFields(inputs);
    const steps = stridesOf({ filters, strides }).map(images.along);
    const extents = extentsAlong(images.extent, steps)!.slice(1);
    const initializer = initializerOf(following);
    const convolution = (name: string, from: number, outputs: number, stride: Stride): CalledLayer =>
      sequence([
        conv2d(parameters.scope(name), {
          ...{ inputs: from, outputs, kernel: images.along(kernel), stride },
          ...{ initializer, ...linearOptions(following) },
        }),
        follow(parameters, name, outputs, following),
      ]);
    const scales = filters.map((outputs, k) =>
      sequence([
        convolution(`scale-${k}/conv-0`, filters[k - 1] ?? images.channels + images.rest.size, outputs, steps[k]!),
        convolution(`scale-${k}/conv-1`, outputs, outputs, 1),
      ]),
    );
    const shapes = filters.map((outputs, k): Shape => [...extents[k]!, outputs]);
    const size = sizeOf(shapes.at(-1)!);
    const layers = denseStack(parameters, size, hidden, following, initializer);
    const names = namesOf(filters.length);
    return {
      features: {
        ...Object.fromEntries(names.map((name, k) => [name, shapes[k]!])),
        features: [layers.outputs],
      },
      encode: (fields, context) => {
        const found: Record<string, Tensor> = {};
        let x = maps(images, fields);
        for (const [k, scale] of scales.entries()) {
          x = scale(x, context);
          found[names[k]!] = x;
        }
        return { ...found, features: layers.apply(tf.reshape(x, [-1, size]), context) };
      },
    };
  },
});
