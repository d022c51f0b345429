/** Dense layers from a vector to one number, on the last axis. */
import { nearZero, zeros } from "../tensor/initializers.js";
import type { ParameterScope } from "../tensor/parameters.js";
import { type Tensor, tf } from "../tensor/tensor.js";
import { type Activation, activate, initializerBefore } from "./activations.js";

/**
 * Layers "dense-0", "dense-1", ..., and "output", which begins near 0, so that the number does.
 * @returns reads the parameters; what it returns is a function of tensors alone: [..., inputs] → [...]
 */
export const scalarNetwork = (
  parameters: ParameterScope,
  inputs: number,
  { hidden, activation }: { hidden: readonly number[]; activation: Activation },
): (() => (x: Tensor) => Tensor) => {
  const sizes = [inputs, ...hidden, 1];
  const layers = sizes.slice(1).map((outputs, k) => {
    const isLast = k === hidden.length;
    const scope = parameters.scope(isLast ? "output" : `dense-${k}`);
    const initializer = isLast ? nearZero : initializerBefore(activation);
    return { weights: scope("weights", [sizes[k]!, outputs], initializer), bias: scope("bias", [outputs], zeros) };
  });
  const nonlinear = activate(activation);
  return () => {
    const read = layers.map(({ weights, bias }) => ({ weights: weights.value, bias: bias.value }));
    return (x) => {
      const output = read.reduce(
        (below, { weights, bias }, k) => tf.add(tf.matMul(k === 0 ? below : nonlinear(below), weights), bias),
        tf.reshape(x, [-1, inputs]),
      );
      return tf.reshape(output, x.shape.slice(0, -1));
    };
  };
};
