/**
 * The GatherV2 kernel of tfjs-node reads the indices to check their bounds. A recorded call cannot read them, and a fast call
 * should not. TensorFlow checks the bounds itself, so this kernel does not.
 */
import type { GatherV2Attrs, GatherV2Inputs, Tensor, TensorInfo } from "@tensorflow/tfjs-core";
import type { TensorLibrary } from "../../tensor/tensor.js";
import { NATIVE_BACKEND, type NativeBackend } from "../native/backend.js";

const done = new WeakSet<TensorLibrary>();

/** Idempotent. */
export const replaceGather = (tf: TensorLibrary): void => {
  if (done.has(tf)) return;
  done.add(tf);
  tf.unregisterKernel("GatherV2", NATIVE_BACKEND);
  tf.registerKernel({
    kernelName: "GatherV2",
    backendName: NATIVE_BACKEND,
    kernelFunc: ({ inputs, attrs, backend }) => {
      const { x, indices } = inputs as { [input in keyof GatherV2Inputs]-?: TensorInfo };
      const { axis, batchDims } = attrs as unknown as GatherV2Attrs;
      const { binding, executeSingleOutput } = backend as NativeBackend;
      tf.backend_util.segment_util.collectGatherOpShapeInfo(x as Tensor, indices as Tensor, axis, batchDims);
      const types = { float32: binding.TF_FLOAT, int32: binding.TF_INT32, bool: binding.TF_BOOL } as const;
      const type = (name: string, dtype: string) => ({
        name,
        type: binding.TF_ATTR_TYPE,
        value: types[dtype as keyof typeof types],
      });
      const place = tf.scalar(axis, "int32");
      const attributes = [
        { name: "batch_dims", type: binding.TF_ATTR_INT, value: batchDims },
        type("Tparams", x.dtype),
        type("Tindices", indices.dtype),
        type("Taxis", "int32"),
      ];
      const gathered = executeSingleOutput.call(backend, "GatherV2", attributes, [x, indices, place]);
      place.dispose();
      return gathered;
    },
  });
};
