/** Starts a tfjs backend from the packages of one home. */
import util from "node:util";
import { registerGradientKernels } from "../tensor/gradient-kernels.js";
import { registerMissingGradients } from "../tensor/missing-gradients.js";
import type { NoiseKernels } from "../tensor/noise-kernels.js";
import { registerSecondGradients } from "../tensor/second-gradients.js";
import type { TensorLibrary } from "../tensor/tensor.js";
import type { Home } from "./candidates.js";
import { resizeNearestNeighborGradient } from "./cpu-kernels.js";
import type { EngineName } from "./engine.js";
import { NATIVE_BACKEND, nativeBackend } from "./native/backend.js";
import { quietly } from "./native/quiet.js";
import { hasSessionAddon } from "./native/session-addon.js";
import { nativeNoise } from "./noise/native.js";
import { portableNoise } from "./noise/portable.js";
import { BUILD } from "./versions.js";
import { setUpWasm } from "./wasm.js";

export interface LoadedBackend {
  tf: TensorLibrary;
  version: string;
  build?: number;
  noise: NoiseKernels;
}

const BACKENDS: Record<EngineName, string> = { native: NATIVE_BACKEND, wasm: "wasm", cpu: "cpu" };

/** TensorFlow reads these once, while it is loaded. */
const setTensorFlowUp = (threads: number): void => {
  process.env.TF_CPP_MIN_LOG_LEVEL = "3";
  process.env.TF_NUM_INTRAOP_THREADS = String(threads);
  process.env.TF_NUM_INTEROP_THREADS = String(threads);
  // tfjs-node 4.22 calls this function; Node 23 removed it.
  util.isNullOrUndefined ??= (value: unknown): value is null | undefined => value === null || value === undefined;
};

const bringUp: Record<EngineName, (home: Home, threads: number) => void> = {
  native: (home, threads) => {
    setTensorFlowUp(threads);
    quietly(home, () => home.require("@tensorflow/tfjs-node"));
  },
  wasm: setUpWasm,
  cpu: (home) => {
    home.require("@tensorflow/tfjs-backend-cpu");
    const tf = home.require("@tensorflow/tfjs-core") as TensorLibrary;
    tf.unregisterKernel(resizeNearestNeighborGradient.kernelName, "cpu");
    tf.registerKernel(resizeNearestNeighborGradient);
  },
};

/** The CommonJS build of tfjs-core leaves gradients to the union package, which has 141 MB. Import only the gradients. */
const registerGradients = async (tf: TensorLibrary): Promise<void> => {
  if (!tf.getGradient("Relu")) await import("@tensorflow/tfjs-core/dist/register_all_gradients.js");
  registerMissingGradients(tf);
  registerSecondGradients(tf);
  registerGradientKernels(tf);
};

export const activate = async (name: EngineName, tf: TensorLibrary): Promise<void> => {
  if (tf.getBackend() !== BACKENDS[name] && !(await tf.setBackend(BACKENDS[name])))
    throw new Error(`tfjs could not start its ${BACKENDS[name]} backend`);
};

export const load = async (name: EngineName, home: Home, threads: number): Promise<LoadedBackend> => {
  const tf = home.require("@tensorflow/tfjs-core") as TensorLibrary;
  // Silences tfjs's advertisement of tfjs-node; "prod mode" has no other effect.
  tf.enableProdMode();
  bringUp[name](home, threads);
  await registerGradients(tf);
  await activate(name, tf);
  if (name !== "native") return { tf, version: tf.version_core, noise: portableNoise };
  const version = nativeBackend(tf).binding.TF_Version;
  return { tf, version, ...(hasSessionAddon(home.folder) && { build: BUILD }), noise: nativeNoise };
};
