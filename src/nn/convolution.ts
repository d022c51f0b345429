/**
 * Convolutions over [N, height, width, channels]. Padded ("same"), a stride s takes a length n to
 * ceil(n / s), along each axis, and a transposed convolution takes it back to any length that the stride takes there.
 */
import { showShape, sizeOf } from "../tensor/fields.js";
import { glorotUniform, type Initializer, zeros } from "../tensor/initializers.js";
import type { ParameterScope } from "../tensor/parameters.js";
import { type Tensor4D, tf } from "../tensor/tensor.js";
import type { LinearOptions } from "./follow.js";
import type { Layer } from "./layer.js";
import { unfit } from "./shapes.js";
import { weightsOf } from "./weights.js";

/** [height, width]. */
export type Extent = readonly [number, number];

/** Of a stride or a window: one for rows and columns, or [rows, columns]. */
export type Stride = number | Extent;
const POSITIVE = { type: "integer", minimum: 1 } as const;
/** The schema of a stride, without default or description. */
export const STRIDE = {
  anyOf: [POSITIVE, { type: "array", items: [POSITIVE, POSITIVE], minItems: 2, maxItems: 2 }],
} as const;
export const strideAxes = (stride: Stride): Extent => (typeof stride === "number" ? [stride, stride] : stride);
/** "2", "[2, 1]". */
export const showStride = (stride: Stride): string => (typeof stride === "number" ? `${stride}` : showShape(stride));

/** For the `enum` of a schema. */
export const PADDINGS = ["same", "valid"] as const;
export type Padding = (typeof PADDINGS)[number];

export interface Convolution extends LinearOptions {
  /** Channels. */
  inputs: number;
  outputs: number;
  /** Sides of the window. */
  kernel: Stride;
  stride?: Stride;
  padding?: Padding;
  initializer?: Initializer;
}

export const strided = ([height, width]: Extent, stride: Stride): Extent => {
  const [down, right] = strideAxes(stride);
  return [Math.ceil(height / down), Math.ceil(width / right)];
};

/** The extent that windows give. @throws SPEC_COMBINATION where none is inside */
export const windowed = (
  extent: Extent,
  { kernel, stride, padding }: { kernel: Stride; stride: Stride; padding: Padding },
): Extent => {
  if (padding === "same") return strided(extent, stride);
  const [tall, wide] = strideAxes(kernel);
  const [height, width] = extent;
  if (height < tall || width < wide) return unfit(`has a window of ${tall} x ${wide}, which is larger`);
  const [down, right] = strideAxes(stride);
  return [Math.floor((height - tall) / down) + 1, Math.floor((width - wide) / right) + 1];
};

/** The extent before each of the strides, and after the last; undefined where one finds less than itself to stride over. */
export const extentsAlong = (extent: Extent, strides: readonly Stride[]): readonly Extent[] | undefined => {
  const extents = [extent];
  for (const stride of strides) {
    const from = extents.at(-1)!;
    if (strideAxes(stride).some((step, axis) => step > 1 && from[axis]! < step)) return undefined;
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
    ...options
  }: Convolution,
): Layer => {
  const shape = [...strideAxes(kernel), inputs, outputs];
  const weights = weightsOf(parameters, { shape, outputs: 3, initializer }, options);
  const bias = hasBias ? parameters("bias", [outputs], zeros) : undefined;
  return (x) => {
    const maps = tf.conv2d(
      x as Tensor4D,
      weights.value as Tensor4D,
      [...strideAxes(stride)] as [number, number],
      padding,
    );
    return bias ? tf.add(maps, bias.value) : maps;
  };
};

/**
 * The transpose (in its input) of `conv2d`, to the extent given. Parameters "weights" [kernel, kernel, outputs, inputs] and
 * "bias". Each output sees about inputs * kernel^2 / (rows * columns of the stride) inputs: that is the fan-in that an initializer is told.
 */
export const conv2dTranspose = (
  parameters: ParameterScope,
  extent: Extent,
  { inputs, outputs, kernel, stride = 1, initializer = glorotUniform, bias: hasBias = true, ...options }: Convolution,
): Layer => {
  const window = sizeOf(strideAxes(kernel));
  const [down, right] = strideAxes(stride);
  const fans = { fanIn: (inputs * window) / (down * right), fanOut: outputs * window };
  const told: Initializer = (shape, uniform) => initializer(shape, uniform, fans);
  const shape = [...strideAxes(kernel), outputs, inputs];
  const weights = weightsOf(parameters, { shape, outputs: 2, initializer: told }, options);
  const bias = hasBias ? parameters("bias", [outputs], zeros) : undefined;
  return (x) => {
    const shape: [number, number, number, number] = [x.shape[0]!, ...extent, outputs];
    const maps = tf.conv2dTranspose(x as Tensor4D, weights.value as Tensor4D, shape, [down, right], "same");
    return bias ? tf.add(maps, bias.value) : maps;
  };
};

/** Every pixel repeated, to an extent of at least its own; exactly so many times where that is a multiple. */
export const upsample =
  ([height, width]: Extent): Layer =>
  (x) =>
    tf.image.resizeNearestNeighbor(x as Tensor4D, [height, width]);
