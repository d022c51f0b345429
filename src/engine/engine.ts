/** A loaded tensor backend, and the names of backends. */
import type { NoiseKernels } from "../tensor/noise-kernels.js";
import type { TensorLibrary } from "../tensor/tensor.js";

export type EngineName = "native" | "wasm" | "cpu";
export type EngineChoice = "auto" | EngineName;
export const ENGINE_CHOICES: readonly EngineChoice[] = ["auto", "native", "wasm", "cpu"];

export interface Engine {
  name: EngineName;
  tf: TensorLibrary;
  /** TensorFlow's version on native, tfjs's elsewhere. */
  version: string;
  /** Build of vaelab's own kernels, on native. A tfjs-node from elsewhere has none. */
  build?: number;
  /** Threads within an op. Bits depend on the count, so it is fixed and recorded. */
  threads: number;
  /** Folder whose node_modules provides it. */
  folder: string;
  /** If `auto` fell back: what that costs, why, and the remedy, in one line. */
  why?: string;
  noise: NoiseKernels;
}
