/** A network of named values with leading axes, such as the parents of a prior: [...leading, ...shape] by name → [...leading, units]. */
import type { CallContext } from "../contracts/call-context.js";
import { type Shape, sizeOf } from "../tensor/fields.js";
import { normalWith, zeros } from "../tensor/initializers.js";
import type { ParameterScope } from "../tensor/parameters.js";
import { type Tensor, tf } from "../tensor/tensor.js";
import { dense, denseStack } from "./dense.js";
import type { Following } from "./follow.js";

/** Near zero, and not at it: the hidden units before such an output would get no gradient. */
const NEAR_ZERO = normalWith(0, 0.01);

type Named<T> = Readonly<Record<string, T>>;

export interface Hidden {
  /** [rows, units]. */
  units: Tensor;
  leading: Shape;
}

export interface ConditionedNetwork {
  /** The hidden units of these values. */
  apply(values: Named<Tensor>, call: CallContext): Hidden;
  /** Declares an output that begins at zero, or near it after hidden units; reads [...leading, size] from hidden units. */
  output(name: string, size: number): (hidden: Hidden) => Tensor;
}

/** @param shapes one example's, by name; inputs are concatenated in the order of their names */
export const conditionedNetwork = (
  parameters: ParameterScope,
  shapes: Named<Shape>,
  { hidden, ...following }: Following & { hidden: readonly number[] },
): ConditionedNetwork => {
  const names = Object.keys(shapes).sort();
  const inputs = names.reduce((sum, name) => sum + sizeOf(shapes[name]!), 0);
  const stack = denseStack(parameters, inputs, hidden, following);
  return {
    apply: (values, call) => {
      const [first] = names as [string];
      const value = values[first]!;
      const leading = value.shape.slice(0, value.rank - shapes[first]!.length);
      const flat = tf.concat(
        names.map((name) => tf.reshape(values[name]!, [sizeOf(leading), -1])),
        1,
      );
      return { units: stack.apply(flat, call), leading };
    },
    output: (name, size) => {
      const layer = dense(parameters.scope(name), stack.outputs, size, hidden.length > 0 ? NEAR_ZERO : zeros);
      return ({ units, leading }) => tf.reshape(layer(units), [...leading, size]);
    },
  };
};
