/** Noise on the native engine: TensorFlow's own stateless ops, so that a captured step draws it inside the graph. */
import type { NoiseKernels } from "../../tensor/noise-kernels.js";
import { type Tensor, tf } from "../../tensor/tensor.js";
import { nativeBackend } from "../native/backend.js";

const draw = (op: string, key: Tensor, shape: readonly number[]): Tensor => {
  const backend = nativeBackend(tf);
  const { TF_ATTR_TYPE, TF_FLOAT, TF_INT32 } = backend.binding;
  const attribute = (name: string, value: number) => ({ name, type: TF_ATTR_TYPE, value });
  const attributes = [attribute("dtype", TF_FLOAT), attribute("T", TF_INT32), attribute("Tseed", TF_INT32)];
  return tf.tidy(() => backend.executeSingleOutput(op, attributes, [tf.tensor1d([...shape], "int32"), key]));
};

export const nativeNoise: NoiseKernels = {
  normal: (key, shape) => draw("StatelessRandomNormal", key, shape),
  uniform: (key, shape) => draw("StatelessRandomUniform", key, shape),
};
