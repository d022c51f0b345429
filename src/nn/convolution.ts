/**
 * Convolutions over [N, height, width, channels] with square windows. Padded ("same"), a stride s takes a length n to
 * ceil(n / s), and a transposed convolution takes it back to any length that the stride takes there.
 */
import { minimum } from "../numerics/lists.js";
import { glorotUniform, type Initializer, zeros } from "../tensor/initializers.js";
import type { ParameterScope } from "../tensor/parameters.js";
import { type Tensor4D, tf } from "../tensor/tensor.js";
import type { Layer } from "./layer.js";
import { unfit } from "./shapes.js";

/** [height, width]. */
export type Extent = readonly [number, number];

/** For the `enum` of a schema. */
export const PADDINGS = ["same", "valid"] as const;
export type Padding = (typeof PADDINGS)[number];

export interface Convolution {
  /** Channels. */
  inputs: number;
  outputs: number;
  /** Side of the window. */
  kernel: number;
  stride?: number;
  padding?: Padding;
  initializer?: Initializer;
  bias?: boolean;
}

export const strided = ([height, width]: Extent, stride: number): Extent => [
  Math.ceil(height / stride),
  Math.ceil(width / stride),
];

/** The extent that windows give. @throws SPEC_COMBINATION where none is inside */
export const windowed = (
  extent: Extent,
  { kernel, stride, padding }: { kernel: number; stride: number; padding: Padding },
): Extent => {
  if (padding === "same") return strided(extent, stride);
  if (minimum(extent) < kernel) return unfit(`has a window of ${kernel} x ${kernel}, which is larger`);
  const [height, width] = extent;
  return [Math.floor((height - kernel) / stride) + 1, Math.floor((width - kernel) / stride) + 1];
};

/** The extent before each of the strides, and after the last; undefined where one finds less than itself to stride over. */
export const extentsAlong = (extent: Extent, strides: readonly number[]): readonly Extent[] | undefined => {
  const extents = [extent];
  for (const stride of strides) {
    const from = extents.at(-1)!;
    if (stride > 1 && minimum(from) < stride) return undefined;
    extents.push(strided(from, stride));
  }
  return extents;
};

/** Parameters "weights" [kernel, kernel, inputs, outputs] and "bias" in the scope given. */
export const conv2d = (
  parameters: ParameterScope,
  {
    inputs,
    outputs,
    kernel,
    stride = 1,
    padding = "same",
    initializer = glorotUniform,
    bias: hasBias = true,
  }: Convolution,
): Layer => {
  const weights = parameters("weights", [kernel, kernel, inputs, outputs], initializer);
  const bias = hasBias ? parameters("bias", [outputs], zeros) : undefined;
  return (x) => {
    const maps = tf.conv2d(x as Tensor4D, weights.value as Tensor4D, stride, padding);
    return bias ? tf.add(maps, bias.value) : maps;
  };
};

/**
 * The transpose (in its input) of `conv2d`, to the extent given. Parameters "weights" [kernel, kernel, outputs, inputs] and
 * "bias". Each output sees about inputs * (kernel / stride)^2 inputs: that is the fan-in that an initializer is told.
 */
export const conv2dTranspose = (
  parameters: ParameterScope,
  extent: Extent,
  { inputs, outputs, kernel, stride = 1, initializer = glorotUniform, bias: hasBias = true }: Convolution,
): Layer => {
  const window = kernel * kernel;
  const fans = { fanIn: (inputs * window) / (stride * stride), fanOut: outputs * window };
  const weights = parameters("weights", [kernel, kernel, outputs, inputs], (shape, uniform) =>
    initializer(shape, uniform, fans),
  );
  const bias = hasBias ? parameters("bias", [outputs], zeros) : undefined;
  return (x) => {
    const shape: [number, number, number, number] = [x.shape[0]!, ...extent, outputs];
    const maps = tf.conv2dTranspose(x as Tensor4D, weights.value as Tensor4D, shape, stride, "same");
    return bias ? tf.add(maps, bias.value) : maps;
  };
};

/** Every pixel repeated, to an extent of at least its own; exactly so many times where that is a multiple. */
export const upsample =
  ([height, width]: Extent): Layer =>
  (x) =>
    tf.image.resizeNearestNeighbor(x as Tensor4D, [height, width]);
