/** A value that a flow layer depends on: one parameter, or a linear function of an example's features. */
import { type Shape, sizeOf } from "../tensor/fields.js";
import { type Initializer, normalWith } from "../tensor/initializers.js";
import type { ParameterScope } from "../tensor/parameters.js";
import { type Tensor, tf } from "../tensor/tensor.js";

/**
 * @param features shape of one example's features; undefined for a value that all examples share
 * @returns a function of the features [N, ...features] → [N, size], or without features → [size]
 */
export const amortized = (
  parameters: ParameterScope,
  size: number,
  initializer: Initializer,
  features?: Shape,
): ((features?: Tensor) => Tensor) => {
  const shared = parameters("bias", [size], initializer);
  if (!features) return () => shared.value;
  const inputs = sizeOf(features);
  const weights = parameters("weights", [inputs, size], normalWith(0, 0.1 / Math.sqrt(inputs)));
  return (values) => tf.add(tf.matMul(tf.reshape(values!, [-1, inputs]), weights.value), shared.value);
};
