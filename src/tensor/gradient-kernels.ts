/**
 * Gradients of the kernels that compute gradients, which tfjs lacks. Each kernel is linear in the gradient that it is given, so the
 * gradient in that is the adjoint: what the operation itself does, at the places that it chose.
 */
import type { Tensor, Tensor4D, TensorLibrary } from "./tensor.js";

interface Pooled {
  filterSize: [number, number] | number;
  strides: [number, number] | number;
  pad: "valid" | "same" | number;
}

/** The values at the places of the maxima of windows, the first where there are several. @param peaks what `pooled` gives of x */
const atMaxima = (
  tf: TensorLibrary,
  values: Tensor4D,
  { x, peaks, pooled }: { x: Tensor4D; peaks: Tensor4D; pooled: Pooled },
): Tensor => {
  const { filterSize, strides, pad } = pooled;
  const { padInfo, filterHeight, filterWidth, strideHeight, strideWidth, outHeight, outWidth } =
    tf.backend_util.computePool2DInfo(x.shape, filterSize, strides, 1, pad);
  const { top, bottom, left, right } = padInfo;
  const around: [number, number][] = [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ];
  const [batch, , , channels] = x.shape;
  const place = (all: Tensor, i: number, j: number): Tensor =>
    tf.stridedSlice(
      all,
      [0, i, j, 0],
      [batch, i + (outHeight - 1) * strideHeight + 1, j + (outWidth - 1) * strideWidth + 1, channels],
      [1, strideHeight, strideWidth, 1],
    );
  const [padded, spread] = [tf.pad(x, around, Number.NEGATIVE_INFINITY), tf.pad(values, around)];
  let found: Tensor = tf.zerosLike(peaks);
  let free: Tensor = tf.onesLike(peaks);
  for (let i = 0; i < filterHeight; i++)
    for (let j = 0; j < filterWidth; j++) {
      const chosen = tf.mul(free, tf.cast(tf.equal(place(padded, i, j), peaks), "float32"));
      found = tf.add(found, tf.mul(chosen, place(spread, i, j)));
      free = tf.sub(free, chosen);
    }
  return found;
};

export const registerGradientKernels = (tf: TensorLibrary): void => {
  tf.registerGradient({
    kernelName: "EluGrad",
    inputsToSave: ["dy", "y"],
    // dy for y >= 0, else dy (y + 1).
    gradFunc: (upstream, saved) => {
      const [given, [dy, y]] = [upstream as Tensor, saved as [Tensor, Tensor]];
      const below = (): Tensor => tf.cast(tf.less(y, 0), "float32");
      return {
        dy: () => tf.mul(given, tf.add(1, tf.mul(below(), y))),
        y: () => tf.mul(given, tf.mul(dy, below())),
      };
    },
  });
  tf.registerGradient({
    kernelName: "AvgPoolGrad",
    inputsToSave: ["input"],
    gradFunc: (upstream, [input], attributes) => {
      const { filterSize, strides, pad } = attributes as unknown as Pooled;
      return {
        dy: () => tf.avgPool(upstream as Tensor4D, filterSize, strides, pad),
        input: () => tf.zerosLike(input!),
      };
    },
  });
  tf.registerGradient({
    kernelName: "MaxPoolGrad",
    inputsToSave: ["input", "output"],
    gradFunc: (upstream, saved, attributes) => {
      const [x, peaks] = saved as [Tensor4D, Tensor4D];
      const pooled = attributes as unknown as Pooled;
      return {
        dy: () => atMaxima(tf, upstream as Tensor4D, { x, peaks, pooled }),
        input: () => tf.zerosLike(x),
        output: () => tf.zerosLike(peaks),
      };
    },
  });
  tf.registerGradient({
    kernelName: "ResizeNearestNeighborGrad",
    inputsToSave: ["dy", "images"],
    gradFunc: (upstream, saved, attributes) => {
      const [dy, images] = saved as [Tensor4D, Tensor4D];
      const { alignCorners, halfPixelCenters } = attributes as { alignCorners: boolean; halfPixelCenters: boolean };
      const size: [number, number] = [dy.shape[1], dy.shape[2]];
      return {
        dy: () => tf.image.resizeNearestNeighbor(upstream as Tensor4D, size, alignCorners, halfPixelCenters),
        images: () => tf.zerosLike(images),
      };
    },
  });
};
