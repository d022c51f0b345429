/**
 * A masked autoencoder over categories (Germain et al. 2015): the logits of variable l are a function of the variables before it, one-hot,
 * and of what it is conditioned on. A hidden unit of degree m sees the first m variables; hidden units see those of no larger degree,
 * and the logits of variable l the units of degree up to l.
 */
import { type Shape, sizeOf } from "../tensor/fields.js";
import { glorotUniform, type Initializer, nearZero, zeros } from "../tensor/initializers.js";
import type { Parameter, ParameterScope } from "../tensor/parameters.js";
import { type Tensor, tf } from "../tensor/tensor.js";
import { type Activation, activate, initializerBefore } from "./activations.js";

export interface CausalOptions {
  hidden: readonly number[];
  activation: Activation;
  /** Values of each variable. */
  categories: number;
  variables: number;
  /** One example's shape of what it is conditioned on, by name. */
  conditions: Readonly<Record<string, Shape>>;
}
/** Holds tensors alone. */
export interface CausalLogits {
  /** The axes of what it is conditioned on; [] without. */
  batchShape: Shape;
  /** One-hot [..., variables, categories] → logits of the same shape. */
  all(codes: Tensor): Tensor;
  /** Logits of the variable after these, [..., l, categories] → [..., categories]; of the first, undefined → [...batch, categories]. */
  next(before: Tensor | undefined): Tensor;
}

interface Masked {
  weights: Parameter;
  bias: Parameter;
  mask: Float32Array;
}

/** Reads the parameters of its networks when the function that it returns is called. */
export const causalNetwork = (
  parameters: ParameterScope,
  { hidden, activation, categories, variables, conditions }: CausalOptions,
): ((values: Readonly<Record<string, Tensor>>) => CausalLogits) => {
  const size = variables * categories;
  const variableOf = (element: number): number => Math.floor(element / categories);
  const degree = (unit: number): number => unit % variables;
  const masked = (
    name: string,
    [inputs, outputs]: readonly [number, number],
    sees: (output: number, input: number) => boolean,
    initializer: Initializer,
  ): Masked => {
    const scope = parameters.scope(name);
    const mask = Float32Array.from({ length: inputs * outputs }, (_, i) =>
      Number(sees(i % outputs, Math.floor(i / outputs))),
    );
    return { weights: scope("weights", [inputs, outputs], initializer), bias: scope("bias", [outputs], zeros), mask };
  };
  const widths = [size, ...hidden];
  const layers = hidden.map((outputs, k) =>
    masked(
      `dense-${k}`,
      [widths[k]!, outputs],
      (unit, below) => (k === 0 ? variableOf(below) < degree(unit) : degree(below) <= degree(unit)),
      initializerBefore(activation),
    ),
  );
  const output = masked(
    "logits",
    [widths.at(-1)!, size],
    (element, below) => degree(below) <= variableOf(element),
    nearZero,
  );
  const names = Object.keys(conditions).sort();
  const inputs = names.reduce((sum, name) => sum + sizeOf(conditions[name]!), 0);
  const conditioning = inputs > 0 ? parameters("conditions", [inputs, hidden[0]!], glorotUniform) : undefined;

  const nonlinear = activate(activation);
  return (values) => {
    const [first, ...others] = layers.map(read);
    const seen = conditioning && conditionVector(values, conditions, names);
    return logitsOf({
      first: first!,
      // [H], or [...batch, H].
      offset: seen ? tf.add(product(seen, conditioning.value), first!.bias) : first!.bias,
      batchShape: seen ? seen.shape.slice(0, -1) : [],
      above: (units) => others.reduce((below, layer) => nonlinear(affine(below, layer)), nonlinear(units)),
      last: read(output),
      variables,
      categories,
    });
  };
};

/** A layer as tensors, its weights masked. */
interface Affine {
  weights: Tensor;
  bias: Tensor;
}
const read = ({ weights, bias, mask }: Masked): Affine => ({
  weights: tf.mul(weights.value, tf.tensor(mask, [...weights.shape])),
  bias: bias.value,
});

interface CausalTensors extends Pick<CausalLogits, "batchShape">, Pick<CausalOptions, "variables" | "categories"> {
  first: Affine;
  /** What is added to the first layer's products: its bias, and what it is conditioned on. */
  offset: Tensor;
  /** The last hidden units of the first layer's sums. */
  above(units: Tensor): Tensor;
  last: Affine;
}

const logitsOf = ({ first, offset, batchShape, above, last, variables, categories }: CausalTensors): CausalLogits => ({
  batchShape,
  all: (codes) => {
    const flat = tf.reshape(codes, [...codes.shape.slice(0, -2), variables * categories]);
    const units = above(tf.add(product(flat, first.weights), offset));
    return tf.reshape(affine(units, last), [...units.shape.slice(0, -1), variables, categories]);
  },
  next: (before) => {
    const start = (before ? before.shape.at(-2)! : 0) * categories;
    const flat = before && tf.reshape(before, [...before.shape.slice(0, -2), start]);
    const rows = flat && product(flat, tf.slice(first.weights, [0, 0], [start, -1]));
    const units = above(rows ? tf.add(rows, offset) : offset);
    return affine(units, {
      weights: tf.slice(last.weights, [0, start], [-1, categories]),
      bias: tf.slice(last.bias, [start], [categories]),
    });
  },
});

/** [..., A] x [A, B] → [..., B]. */
const product = (x: Tensor, weights: Tensor): Tensor => {
  const [inputs, outputs] = weights.shape as [number, number];
  return tf.reshape(tf.matMul(tf.reshape(x, [-1, inputs]), weights), [...x.shape.slice(0, -1), outputs]);
};

const affine = (x: Tensor, { weights, bias }: Affine): Tensor => tf.add(product(x, weights), bias);

/** The values side by side, [...batch, size]. */
const conditionVector = (
  values: Readonly<Record<string, Tensor>>,
  shapes: Readonly<Record<string, Shape>>,
  names: readonly string[],
): Tensor =>
  tf.concat(
    names.map((name) => {
      const value = values[name]!;
      const leading = value.shape.slice(0, value.rank - shapes[name]!.length);
      return tf.reshape(value, [...leading, sizeOf(shapes[name]!)]);
    }),
    -1,
  );
