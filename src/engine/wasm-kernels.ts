/**
 * Conv2DBackpropFilter for the wasm backend, which lacks it; its Conv3DBackpropFilterV2 drops rows and columns if the stride
 * exceeds 1. Let P_ij [N * height * width, inputs] be the values of x under position (i, j) of the window. The gradient of
 * the weights at that position is the transpose of P_ij times dy.
 */
import type { KernelBackend, KernelConfig, NamedAttrMap, NamedTensorInfoMap, TensorInfo } from "@tensorflow/tfjs-core";
import type { TensorLibrary } from "../tensor/tensor.js";

interface FilterGradient {
  strides: [number, number] | number;
  pad: "same" | "valid" | number;
  dimRoundingMode?: "floor" | "round" | "ceil";
  /** [height, width, inputs, outputs]. */
  filterShape: [number, number, number, number];
}

export const conv2dBackpropFilter = (tf: TensorLibrary): KernelConfig => ({
  kernelName: "Conv2DBackpropFilter",
  backendName: "wasm",
  kernelFunc: ({ inputs, attrs, backend }) => {
    const { x, dy } = inputs as { x: TensorInfo; dy: TensorInfo };
    const { strides, pad, dimRoundingMode, filterShape } = attrs as unknown as FilterGradient;
    const info = tf.backend_util.computeConv2DInfo(
      x.shape as [number, number, number, number],
      filterShape,
      strides,
      1,
      pad,
      dimRoundingMode,
    );
    const made: TensorInfo[] = [];
    const run = (name: string, operands: NamedTensorInfoMap, attributes: object = {}): TensorInfo => {
      const kernel = tf.getKernel(name, "wasm");
      const result = kernel.kernelFunc({ inputs: operands, attrs: attributes as NamedAttrMap, backend }) as TensorInfo;
      made.push(result);
      return result;
    };
    const { top, bottom, left, right } = info.padInfo;
    const paddings = [
      [0, 0],
      [top, bottom],
      [left, right],
      [0, 0],
    ];
    const padded = run("PadV2", { x }, { paddings, constantValue: 0 });
    const { batchSize, outHeight, outWidth, inChannels, outChannels, strideHeight, strideWidth } = info;
    const patchAt = (i: number, j: number): TensorInfo =>
      run(
        "StridedSlice",
        { x: padded },
        {
          begin: [0, i, j, 0],
          end: [batchSize, i + (outHeight - 1) * strideHeight + 1, j + (outWidth - 1) * strideWidth + 1, inChannels],
          strides: [1, strideHeight, strideWidth, 1],
          ...{ beginMask: 0, endMask: 0, ellipsisMask: 0, newAxisMask: 0, shrinkAxisMask: 0 },
        },
      );
    const places = batchSize * outHeight * outWidth;
    // Transposed once, because the matmul of this backend is several times slower if it transposes.
    const upstream = run("Transpose", { x: { ...dy, shape: [places, outChannels] } }, { perm: [1, 0] });
    const gradientAt = (i: number, j: number): TensorInfo => {
      const a = { ...upstream, shape: [1, outChannels, places] };
      const b = { ...patchAt(i, j), shape: [1, places, inChannels] };
      return run("BatchMatMul", { a, b }, { transposeA: false, transposeB: false });
    };
    const [height, width] = filterShape;
    const gradients = Array.from({ length: height * width }, (_, at) => gradientAt(Math.floor(at / width), at % width));
    // The kernel takes a list, despite its type.
    const stacked = run("Concat", gradients as unknown as NamedTensorInfoMap, { axis: 0 });
    const result = run("Transpose", { x: stacked }, { perm: [0, 2, 1] });
    // A kernel with nothing to do returns its input with one more reference, so each handle is disposed of once.
    for (const info of made) if (info !== result) (backend as KernelBackend).disposeData(info.dataId);
    return { ...result, shape: filterShape };
  },
});
