/**
 * The network of a flow: dense layers from a vector of D values to a few outputs, of an affine flow a shift and a raw scale for each value.
 * Weights are masked where an output must not see an input. Conditioned, the first layer sees an example's features as well.
 */
import { mapValues } from "../numerics/records.js";
import { type Shape, sizeOf } from "../tensor/fields.js";
import { glorotUniform, type Initializer, nearZero, zeros } from "../tensor/initializers.js";
import type { ParameterScope } from "../tensor/parameters.js";
import { type Tensor, tf } from "../tensor/tensor.js";
import { ACTIVATIONS, type Activation, activate, initializerBefore } from "./activations.js";
import { SIZES } from "./dense.js";

/** Fields of a schema. */
export const FLOW_NETWORK = {
  hidden: {
    ...SIZES,
    default: [64, 64],
    description: "Units of each hidden layer of its network; [] for a linear one",
  },
  activation: { enum: ACTIVATIONS, default: "tanh", description: "Activation after every hidden layer" },
} as const;

export interface FlowNetworkOptions {
  hidden: readonly number[];
  activation: Activation;
  /** One example's, where it is conditioned. */
  features?: Shape | undefined;
  /** Whether a unit of this layer (0 is the first) sees a unit of the one before; all do by default. */
  sees?: (layer: number, output: number, input: number) => boolean;
}
/** Each [..., D]. */
export type ShiftAndScale = Record<"shift" | "scale", Tensor>;
/** Reads the parameters; what it returns is a function of tensors alone: [..., D] → outputs by name, each [..., its size]. */
export type FlowNetwork<Name extends string = keyof ShiftAndScale> = (
  features?: Tensor,
) => (x: Tensor) => Record<Name, Tensor>;

/** @param heads sizes of the outputs by name; all begin near 0 */
export const flowNetworkTo = <Name extends string>(
  parameters: ParameterScope,
  size: number,
  heads: Readonly<Record<Name, number>>,
  { hidden, activation, features, sees }: FlowNetworkOptions,
): FlowNetwork<Name> => {
  const conditions = features && sizeOf(features);
  const layer = (name: string, k: number, inputs: number, outputs: number, initializer: Initializer) => {
    const scope = parameters.scope(name);
    const weights = scope("weights", [inputs, outputs], initializer);
    const bias = scope("bias", [outputs], zeros);
    const conditioning = k === 0 && conditions ? scope("features", [conditions, outputs], glorotUniform) : undefined;
    const mask =
      sees &&
      Float32Array.from({ length: inputs * outputs }, (_, i) =>
        sees(k, i % outputs, Math.floor(i / outputs)) ? 1 : 0,
      );
    return (values?: Tensor) => {
      const seen = mask ? tf.mul(weights.value, tf.tensor(mask, [inputs, outputs])) : weights.value;
      const offset =
        conditioning && values
          ? tf.add(tf.matMul(tf.reshape(values, [-1, conditions!]), conditioning.value), bias.value)
          : bias.value;
      return (x: Tensor): Tensor => {
        const product = tf.matMul(tf.reshape(x, [-1, inputs]), seen);
        return tf.add(tf.reshape(product, [...x.shape.slice(0, -1), outputs]), offset);
      };
    };
  };
  const sizes = [size, ...hidden];
  const stack = hidden.map((outputs, k) => layer(`dense-${k}`, k, sizes[k]!, outputs, initializerBefore(activation)));
  const [last, depth] = [sizes.at(-1)!, hidden.length];
  const outputs = mapValues<number, ReturnType<typeof layer>>(heads, (each, name) =>
    layer(name, depth, last, each, nearZero),
  );
  const nonlinear = activate(activation);
  return (values) => {
    const layers = stack.map((read) => read(values));
    const ends = mapValues(outputs, (read) => read(values));
    return (x) => {
      const units = layers.reduce((below, apply) => nonlinear(apply(below)), x);
      return mapValues(ends, (apply) => apply(units)) as Record<Name, Tensor>;
    };
  };
};

export const flowNetwork = (parameters: ParameterScope, size: number, options: FlowNetworkOptions): FlowNetwork =>
  flowNetworkTo(parameters, size, { shift: size, scale: size }, options);
