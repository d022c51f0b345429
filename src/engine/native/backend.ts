/** The part of @tensorflow/tfjs-node's kernel backend that lies below tfjs: TensorFlow ops by name. */
import type { KernelBackend } from "@tensorflow/tfjs-core";
import { VaelabError } from "../../core/errors.js";
import type { Tensor, TensorLibrary } from "../../core/tensor.js";

export interface OpAttribute {
  name: string;
  /** One of the binding's TF_ATTR_* numbers. */
  type: number;
  value: unknown;
}

export interface NativeBinding {
  readonly TF_Version: string;
  readonly TF_ATTR_TYPE: number;
  readonly TF_FLOAT: number;
  readonly TF_INT32: number;
}

export interface NativeBackend extends KernelBackend {
  binding: NativeBinding;
  executeSingleOutput(op: string, attributes: OpAttribute[], inputs: Tensor[]): Tensor;
}

/** The name under which tfjs-node registers its backend. */
export const NATIVE_BACKEND = "tensorflow";

export const nativeBackend = (tf: TensorLibrary): NativeBackend => {
  const backend = tf.findBackend(NATIVE_BACKEND);
  if (!backend) throw new VaelabError("INTERNAL", { message: "the native engine is not loaded" });
  return backend as NativeBackend;
};
