/** The wasm backend in Node: it looks for its binaries in the working directory unless it is told where they are. */
import { dirname, sep } from "node:path";
import type { Home } from "./candidates.js";

const PACKAGE = "@tensorflow/tfjs-backend-wasm";

export const setUpWasm = (home: Home): void => {
  const wasm = home.require(PACKAGE) as { setWasmPaths(folder: string): void };
  wasm.setWasmPaths(dirname(home.require.resolve(PACKAGE)) + sep);
};
