/** The source of all tensor noise: the kernels of an engine, below the keys that name a draw. */
import type { Tensor } from "./tensor.js";

/**
 * Draws whose values depend on nothing but the key (int32 [2]) and the shape: TensorFlow's StatelessRandomNormal and
 * StatelessRandomUniform (Philox-4x32-10). The same key and shape give the same numbers on every engine, the normal ones to
 * within a rounding of the Box-Muller transform.
 */
export interface NoiseKernels {
  /** float32, standard normal. */
  normal(key: Tensor, shape: readonly number[]): Tensor;
  /** float32, in [0, 1). */
  uniform(key: Tensor, shape: readonly number[]): Tensor;
}
