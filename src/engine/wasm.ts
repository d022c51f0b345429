/**
 * Sets up the wasm backend in Node: tells it where its binaries are (it would look in the working directory), and adds the
 * kernel that it lacks for training convolutions.
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
