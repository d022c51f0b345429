/** Dense layers and stacks of them. */
import { glorotUniform, type Initializer, zeros } from "../tensor/initializers.js";
import type { ParameterScope } from "../tensor/parameters.js";
import { tf } from "../tensor/tensor.js";
import { initializerBefore } from "./activations.js";
import { type Following, follow, type LinearOptions, linearOptions } from "./follow.js";
import { type CalledLayer, type Layer, sequence } from "./layer.js";
import { weightsOf } from "./weights.js";

/** Schema of a list of units or channels, without default or description. */
export const SIZES = { type: "array", items: { type: "integer", minimum: 1 } } as const;

/** x W + b: [N, inputs] → [N, outputs]. Parameters "weights" and "bias" in the scope given. */
export const dense = (
  parameters: ParameterScope,
  inputs: number,
  outputs: number,
  initializer: Initializer = glorotUniform,
  { bias: hasBias = true, ...options }: LinearOptions = {},
): Layer => {
  const weights = weightsOf(parameters, { shape: [inputs, outputs], outputs: 1, initializer }, options);
  const bias = hasBias ? parameters("bias", [outputs], zeros) : undefined;
  return (x) => {
    const product = tf.matMul(x, weights.value);
    return bias ? tf.add(product, bias.value) : product;
  };
};

/** Dense layers "dense-0", "dense-1", ..., each followed as requested. An empty stack is the identity. */
export const denseStack = (
  parameters: ParameterScope,
  inputs: number,
  hidden: readonly number[],
  following: Following,
  initializer: Initializer = initializerBefore(following.activation),
): { outputs: number; apply: CalledLayer } => {
  const layers = hidden.flatMap((outputs, i): CalledLayer[] => {
    const name = `dense-${i}`;
    const before = hidden[i - 1] ?? inputs;
    return [
      dense(parameters.scope(name), before, outputs, initializer, linearOptions(following)),
      follow(parameters, name, outputs, following),
    ];
  });
  return { outputs: hidden.at(-1) ?? inputs, apply: sequence(layers) };
};
