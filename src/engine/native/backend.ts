/** The part of tfjs-node's backend below tfjs: TensorFlow ops by name, and sessions. */
import type { DataId, KernelBackend, TensorInfo } from "@tensorflow/tfjs-core";
import { VaelabError } from "../../errors.js";
import type { Tensor, TensorLibrary } from "../../tensor/tensor.js";

export interface OpAttribute {
  name: string;
  /** One of the binding's TF_ATTR_* numbers. */
  type: number;
  value: unknown;
}

/** Values of a tensor at the boundary; strings are byte arrays, an int64 is two int32. */
export type NativeValues = Float32Array | Int32Array | Uint8Array | Uint8Array[];

export interface NativeTensor {
  /** Never reused, even after the tensor is deleted. */
  id: number;
  shape: number[];
  /** One of the binding's TF_* type numbers. */
  dtype: number;
}

export interface NativeBinding {
  readonly TF_Version: string;
  readonly TF_FLOAT: number;
  readonly TF_INT32: number;
  readonly TF_BOOL: number;
  readonly TF_STRING: number;
  readonly TF_ATTR_TYPE: number;
  readonly TF_ATTR_INT: number;
  readonly TF_ATTR_FLOAT: number;
  readonly TF_ATTR_BOOL: number;
  readonly TF_ATTR_STRING: number;
  readonly TF_ATTR_SHAPE: number;
  createTensor(shape: readonly number[], dtype: number, values: NativeValues): number;
  deleteTensor(id: number): void;
  tensorDataSync(id: number): Float32Array | Int32Array | Uint8Array;
  executeOp(op: string, attributes: OpAttribute[], inputs: number[], outputs: number): NativeTensor[];
  /** The session's number. */
  loadSavedModel(folder: string, tags: string): number;
  deleteSavedModel(session: number): void;
  /** Names as "node:output", joined by commas. */
  runSavedModel(session: number, inputs: number[], inputNames: string, outputNames: string): NativeTensor[];
  getNumOfTensors(): number;
  getNumOfSavedModels(): number;
}

export interface NativeBackend extends KernelBackend {
  binding: NativeBinding;
  executeSingleOutput(op: string, attributes: OpAttribute[], inputs: TensorInfo[]): Tensor;
  /** Uploads what is not uploaded yet. */
  getInputTensorIds(tensors: TensorInfo[]): number[];
  readSync(dataId: DataId): Float32Array | Int32Array | Uint8Array;
}

/** The name under which tfjs-node registers its backend. */
export const NATIVE_BACKEND = "tensorflow";

export const nativeBackend = (tf: TensorLibrary): NativeBackend => {
  const backend = tf.findBackend(NATIVE_BACKEND);
  if (!backend) throw new VaelabError("INTERNAL", { message: "the native engine is not loaded" });
  return backend as NativeBackend;
};
