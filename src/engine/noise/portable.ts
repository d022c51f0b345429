/** Noise on engines without TensorFlow: the same stream, computed on the host. */
import type { NoiseKernels } from "../../tensor/noise-kernels.js";
import { type Tensor, tf } from "../../tensor/tensor.js";
import { statelessNormal, statelessUniform } from "./philox.js";

type Stream = (seeds: ArrayLike<number>, count: number) => Float32Array;

const draw = (stream: Stream, key: Tensor, shape: readonly number[]): Tensor =>
  tf.tensor(stream(key.dataSync(), tf.util.sizeFromShape([...shape])), [...shape], "float32");

export const portableNoise: NoiseKernels = {
  normal: (key, shape) => draw(statelessNormal, key, shape),
  uniform: (key, shape) => draw(statelessUniform, key, shape),
};
