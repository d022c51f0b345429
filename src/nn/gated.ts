/** Gated dense layers: h = (x W + b) * sigmoid(x V + c), elementwise. */
import { heNormal, type Initializer } from "../tensor/initializers.js";
import type { ParameterScope } from "../tensor/parameters.js";
import { tf } from "../tensor/tensor.js";
import { dense } from "./dense.js";
import { type CalledLayer, type Layer, sequence } from "./layer.js";
import type { WeightOptions } from "./weights.js";

const gatedDense = (
  parameters: ParameterScope,
  inputs: number,
  outputs: number,
  initializer: Initializer,
  options: WeightOptions,
): Layer => {
  const values = dense(parameters.scope("values"), inputs, outputs, initializer, options);
  const gates = dense(parameters.scope("gates"), inputs, outputs, initializer, options);
  return (x) => tf.mul(values(x), tf.sigmoid(gates(x)));
};

/** Layers "gated-0", "gated-1", .... An empty stack is the identity. */
export const gatedDenseStack = (
  parameters: ParameterScope,
  inputs: number,
  hidden: readonly number[],
  initializer: Initializer = heNormal,
  options: WeightOptions = {},
): { outputs: number; apply: CalledLayer } => ({
  outputs: hidden.at(-1) ?? inputs,
  apply: sequence(
    hidden.map((outputs, i) =>
      gatedDense(parameters.scope(`gated-${i}`), hidden[i - 1] ?? inputs, outputs, initializer, options),
    ),
  ),
});
