/** A loaded tensor backend, and the names that a user asks for one by. */
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
  /** Of vaelab's own kernels, on native; a tfjs-node that somebody else installed has none. */
  build?: number;
  /** Threads within an op. Results are bit-identical at one count only, so it is fixed and recorded. */
  threads: number;
  /** The folder whose node_modules it came from. */
  folder: string;
  /** Where `auto` fell back: what that costs, why, and the command that mends it, in one line. */
  why?: string;
  noise: NoiseKernels;
}
