/**
 * The one instance of TensorFlow.js, live: `tf` is set when an engine is loaded, so that schemas, validation and help never
 * import a tensor library, and so that plugins (through "vaelab/tensor") compute on the same instance as the built-ins.
 */
import type * as TensorFlow from "@tensorflow/tfjs-core";

export type { DataType, Rank, Scalar, Tensor, Tensor1D, Tensor2D, Tensor3D, Tensor4D } from "@tensorflow/tfjs-core";
export type TensorLibrary = typeof TensorFlow;

/** Undefined until `useTensorLibrary` ran: only touch it inside functions, never while a module is loading. */
export let tf: TensorLibrary;

/** Called once by the engine, before any component is built. */
export const useTensorLibrary = (library: TensorLibrary): void => {
  tf = library;
};

/** Passes the value and blocks the gradient: a fresh handle on the same data, which no tape has seen. */
export const stopGradient = <T extends TensorFlow.Tensor>(x: T): T => {
  tf.backend().incRef(x.dataId);
  return tf.engine().makeTensorFromTensorInfo(x) as T;
};
