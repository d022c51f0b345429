/**
 * A network of named values with leading axes, such as the parents of a prior: [...leading, ...shape] by name → [...leading, units];
 * and vectors that such a network gives, or that are parameters where there is nothing to depend on.
 */
import type { CallContext } from "../contracts/call-context.js";
import { mapValues } from "../numerics/records.js";
import { type Shape, sizeOf } from "../tensor/fields.js";
import { nearZero, zeros } from "../tensor/initializers.js";
import type { Parameter, ParameterScope } from "../tensor/parameters.js";
import { type Tensor, tf } from "../tensor/tensor.js";
import { dense, denseStack } from "./dense.js";
import type { Following } from "./follow.js";

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

/**
 * Values in the order of their names, each flattened: flat [rows, total size], rows the product of the leading axes.
 * @param shapes one example's, by name
 */
export const sideBySide = (values: Named<Tensor>, shapes: Named<Shape>): { flat: Tensor; leading: Shape } => {
  const names = Object.keys(shapes).sort();
  const [first] = names as [string];
  const value = values[first]!;
  const leading = value.shape.slice(0, value.rank - shapes[first]!.length);
  const flat = tf.concat(
    names.map((name) => tf.reshape(values[name]!, [sizeOf(leading), -1])),
    1,
  );
  return { flat, leading };
};

/** How many numbers values of these shapes are, side by side. */
export const sizeSideBySide = (shapes: Named<Shape>): number =>
  Object.values(shapes).reduce((sum, shape) => sum + sizeOf(shape), 0);

/** @param shapes one example's, by name; inputs are concatenated in the order of their names */
export const conditionedNetwork = (
  parameters: ParameterScope,
  shapes: Named<Shape>,
  { hidden, ...following }: Following & { hidden: readonly number[] },
): ConditionedNetwork => {
  const stack = denseStack(parameters, sizeSideBySide(shapes), hidden, following);
  return {
    apply: (values, call) => {
      const { flat, leading } = sideBySide(values, shapes);
      return { units: stack.apply(flat, call), leading };
    },
    output: (name, size) => {
      const layer = dense(parameters.scope(name), stack.outputs, size, hidden.length > 0 ? nearZero : zeros);
      return ({ units, leading }) => tf.reshape(layer(units), [...leading, size]);
    },
  };
};

/**
 * Vectors by name that depend on named values, or are learned as they are where there are none. They begin at zero, or near it after
 * hidden units.
 * @param shapes one example's, of what they depend on
 * @param sizes of the vectors
 * @returns a function of the values that reads the parameters: [...leading, size] by name
 */
export const learnedVectors = (
  parameters: ParameterScope,
  shapes: Named<Shape>,
  sizes: Named<number>,
  options: Following & { hidden: readonly number[] },
): ((values: Named<Tensor>, call: CallContext) => Named<Tensor>) => {
  if (Object.keys(shapes).length === 0) {
    const learned = mapValues<number, Parameter>(sizes, (size, name) => parameters(name, [size], zeros));
    return () => mapValues(learned, ({ value }) => value);
  }
  const network = conditionedNetwork(parameters, shapes, options);
  const outputs = mapValues<number, (hidden: Hidden) => Tensor>(sizes, (size, name) => network.output(name, size));
  return (values, call) => {
    const units = network.apply(values, call);
    return mapValues(outputs, (output) => output(units));
  };
};

/** The same of one tensor: [...leading, ...shape]. */
export const learnedTensor = (
  parameters: ParameterScope,
  shapes: Named<Shape>,
  name: string,
  shape: Shape,
  options: Following & { hidden: readonly number[] },
): ((values: Named<Tensor>, call: CallContext) => Tensor) => {
  const learned = learnedVectors(parameters, shapes, { [name]: sizeOf(shape) }, options);
  return (values, call) => {
    const vector = learned(values, call)[name]!;
    return tf.reshape(vector, [...vector.shape.slice(0, -1), ...shape]);
  };
};
