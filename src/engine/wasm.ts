/**
 * The wasm backend in Node: it looks for its binaries in the working directory unless it is told where they are. And it lacks
 * a kernel that convolutions need to train, so that one is made of others.
 */
import { dirname, sep } from "node:path";
import type { TensorLibrary } from "../tensor/tensor.js";
import type { Home } from "./candidates.js";
import { conv2dBackpropFilter } from "./wasm-kernels.js";

const PACKAGE = "@tensorflow/tfjs-backend-wasm";

export const setUpWasm = (home: Home): void => {
  const wasm = home.require(PACKAGE) as { setWasmPaths(folder: string): void };
  wasm.setWasmPaths(dirname(home.require.resolve(PACKAGE)) + sep);
  const tf = home.require("@tensorflow/tfjs-core") as TensorLibrary;
  if (!tf.getKernel("Conv2DBackpropFilter", "wasm")) tf.registerKernel(conv2dBackpropFilter(tf));
};
