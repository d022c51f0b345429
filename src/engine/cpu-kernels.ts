/**
 * ResizeNearestNeighborGrad for the cpu backend, whose own kernel drops parts of the gradient. The gradient of a pixel is the
 * sum over the output pixels that copied it, found as the forward kernel finds them.
 */
import type { KernelConfig, TensorInfo } from "@tensorflow/tfjs-core";

type Extents = [number, number, number, number];

/** The parts of the cpu backend that a kernel is written with. */
interface HostBackend {
  data: { get(id: object): { values: Float32Array } };
  makeTensorInfo(shape: readonly number[], dtype: "float32", values: Float32Array): TensorInfo;
}

/** For each of `to` outputs, the index of its source among `from`. */
const sources = (from: number, to: number, alignCorners: boolean): Int32Array => {
  const scale = alignCorners && to > 1 ? (from - 1) / (to - 1) : from / to;
  const round = alignCorners ? Math.round : Math.floor;
  return Int32Array.from({ length: to }, (_, i) => Math.min(from - 1, round(i * scale)));
};

export const resizeNearestNeighborGradient: KernelConfig = {
  kernelName: "ResizeNearestNeighborGrad",
  backendName: "cpu",
  kernelFunc: ({ inputs, attrs, backend }) => {
    const { images, dy } = inputs as { images: TensorInfo; dy: TensorInfo };
    const [batch, height, width, channels] = images.shape as Extents;
    const [, toHeight, toWidth] = dy.shape as Extents;
    const host = backend as unknown as HostBackend;
    const { values } = host.data.get(dy.dataId);
    const rows = sources(height, toHeight, attrs?.alignCorners === true);
    const columns = sources(width, toWidth, attrs?.alignCorners === true);
    const gradient = new Float32Array(batch * height * width * channels);
    let from = 0;
    for (let n = 0; n < batch; n++)
      for (let i = 0; i < toHeight; i++)
        for (let j = 0; j < toWidth; j++) {
          const to = ((n * height + rows[i]!) * width + columns[j]!) * channels;
          for (let c = 0; c < channels; c++) gradient[to + c]! += values[from++]!;
        }
    return host.makeTensorInfo(images.shape, "float32", gradient);
  },
};
