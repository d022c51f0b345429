/**
 * Max and average pooling over [N, height, width, channels]. Windows over the edge ("same") use the values that exist. The
 * edge is padded here, because the wasm backend of tfjs has wrong gradients for such windows.
 */

import type { Shape } from "../tensor/fields.js";
import { stopGradient, type Tensor, type Tensor4D, tf } from "../tensor/tensor.js";
import { PADDINGS, type Padding, windowed } from "./convolution.js";
import type { Layer } from "./layer.js";
import { mapsOf } from "./shapes.js";

export interface Pooling {
  kernel: number;
  stride: number;
  padding: Padding;
}

/** Below every value, so never the maximum of a window; every window has a position inside. */
const LEAST = -3e38;

/** Rows or columns before and after. */
const edges = (length: number, { kernel, stride, padding }: Pooling): [number, number] => {
  if (padding === "valid") return [0, 0];
  const total = Math.max((Math.ceil(length / stride) - 1) * stride + kernel - length, 0);
  return [Math.floor(total / 2), Math.ceil(total / 2)];
};
const padded = (x: Tensor, pooling: Pooling, value: number): Tensor4D => {
  const [, height = 1, width = 1] = x.shape;
  const around = [[0, 0], edges(height, pooling), edges(width, pooling), [0, 0]] as [number, number][];
  return around.every(([before, after]) => before + after === 0)
    ? (x as Tensor4D)
    : (tf.pad(x, around, value) as Tensor4D);
};

/** On wasm the gradient drops windows without a positive value, so values are shifted above 0 and back. */
export const maxPool =
  (pooling: Pooling): Layer =>
  (x) => {
    const pool = (values: Tensor): Tensor =>
      tf.maxPool(padded(values, pooling, LEAST), pooling.kernel, pooling.stride, "valid");
    if (tf.getBackend() !== "wasm") return pool(x);
    const lift = tf.sub(1, stopGradient(tf.min(x)));
    return tf.sub(pool(tf.add(x, lift)), lift);
  };

export const averagePool =
  (pooling: Pooling): Layer =>
  (x) => {
    const mean = (values: Tensor): Tensor =>
      tf.avgPool(padded(values, pooling, 0), pooling.kernel, pooling.stride, "valid");
    return pooling.padding === "valid" ? mean(x) : tf.div(mean(x), mean(tf.ones([1, ...x.shape.slice(1)])));
  };

/** A pooling layer's fields. */
export const POOLING = {
  kernel: { type: "integer", minimum: 1, default: 2, description: "Height and width of the kernel" },
  stride: { type: "integer", minimum: 1, description: "Step between windows; by default the size of the kernel" },
  padding: {
    enum: PADDINGS,
    default: "valid",
    description:
      '"valid" keeps windows inside the image; "same" lets them reach over the edge and pools the values that exist',
  },
} as const;

interface PoolingFields {
  kernel: number;
  stride?: number;
  padding: Padding;
}

/** [height, width, channels] → [height / stride, width / stride, channels], by `pool`. */
export const poolingLayer = (pool: (pooling: Pooling) => Layer) => ({
  shape: ({ kernel, stride = kernel, padding }: PoolingFields, input: Shape): Shape => {
    const [height, width, channels] = mapsOf(input);
    return [...windowed([height, width], { kernel, stride, padding }), channels];
  },
  create: ({ kernel, stride = kernel, padding }: PoolingFields): Layer => pool({ kernel, stride, padding }),
});
