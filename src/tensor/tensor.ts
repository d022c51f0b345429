/**
 * The one live instance of TensorFlow.js. `tf` is set when an engine is loaded, so schemas, validation and help never import
 * a tensor library, and plugins (through "vaelab/tensor") compute on the same instance as the built-ins.
 */
import type * as TensorFlow from "@tensorflow/tfjs-core";

export type { DataType, Rank, Scalar, Tensor, Tensor1D, Tensor2D, Tensor3D, Tensor4D } from "@tensorflow/tfjs-core";
export type TensorLibrary = typeof TensorFlow;

/** Undefined until `useTensorLibrary` runs. Use it inside functions only, never while a module loads. */
export let tf: TensorLibrary;

/** Called once by the engine, before any component is built. */
export const useTensorLibrary = (library: TensorLibrary): void => {
  tf = library;
};

/** Passes the value and stops the gradient: a fresh handle on the same data, unknown to any tape. */
export const stopGradient = <T extends TensorFlow.Tensor>(x: T): T => {
  tf.backend().incRef(x.dataId);
  return tf.engine().makeTensorFromTensorInfo(x) as T;
};

/** 0 with the gradient of x: what moves parameters and leaves the value of a loss as it is. */
export const gradientAlone = <T extends TensorFlow.Tensor>(x: T): T => tf.sub(x, stopGradient(x));

/** The first value with the gradient of the second, of one shape: a straight-through estimate (Bengio et al. 2013). */
export const straightThrough = (value: TensorFlow.Tensor, surrogate: TensorFlow.Tensor): TensorFlow.Tensor =>
  tf.customGrad(() => ({ value: stopGradient(value), gradFunc: (dy: TensorFlow.Tensor) => dy }))(surrogate);
