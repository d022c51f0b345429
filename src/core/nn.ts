/** Functional layers: a layer declares its parameters when it is built, and is then a function of tensors alone. */
import { type FieldSchema, type FieldSchemas, type Fields, type Shape, sizeOf } from "./fields.js";
import { glorotUniform, heNormal, type Initializer, zeros } from "./initializers.js";
import type { ParameterScope } from "./parameters.js";
import { type Tensor, tf } from "./tensor.js";

export type Layer = (x: Tensor) => Tensor;

/** For the `enum` of a schema. All have a gradient on every backend. */
export const ACTIVATIONS = [
  "relu",
  "tanh",
  "sigmoid",
  "elu",
  "softplus",
  "leaky-relu",
  "silu",
  "gelu",
  "identity",
] as const;
export type Activation = (typeof ACTIVATIONS)[number];

const FUNCTIONS: Readonly<Record<Activation, Layer>> = {
  relu: (x) => tf.relu(x),
  tanh: (x) => tf.tanh(x),
  sigmoid: (x) => tf.sigmoid(x),
  elu: (x) => tf.elu(x),
  softplus: (x) => tf.softplus(x),
  "leaky-relu": (x) => tf.leakyRelu(x, 0.01),
  silu: (x) => tf.mul(x, tf.sigmoid(x)),
  gelu: (x) => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1)),
  identity: (x) => x,
};
export const activate = (activation: Activation): Layer => FUNCTIONS[activation];

const RECTIFIERS: ReadonlySet<Activation> = new Set(["relu", "leaky-relu", "elu", "silu", "gelu"]);
/** He's normal initializer before a rectifier, Glorot's uniform one elsewhere. */
export const initializerBefore = (activation: Activation): Initializer =>
  RECTIFIERS.has(activation) ? heNormal : glorotUniform;

/** x W + b: [N, inputs] → [N, outputs]. Parameters "weights" and "bias" in the scope given. */
export const dense = (
  parameters: ParameterScope,
  inputs: number,
  outputs: number,
  initializer: Initializer = glorotUniform,
): Layer => {
  const weights = parameters("weights", [inputs, outputs], initializer);
  const bias = parameters("bias", [outputs], zeros);
  return (x) => tf.add(tf.matMul(x, weights.value), bias.value);
};

/** Dense layers "dense-0", "dense-1", ..., each followed by the activation; none at all is the identity. */
export const multilayer = (
  parameters: ParameterScope,
  inputs: number,
  hidden: readonly number[],
  activation: Activation,
): { outputs: number; apply: Layer } => {
  const nonlinearity = activate(activation);
  const initializer = initializerBefore(activation);
  const layers = hidden.map((outputs, i) =>
    dense(parameters.scope(`dense-${i}`), i === 0 ? inputs : hidden[i - 1]!, outputs, initializer),
  );
  return {
    outputs: hidden.at(-1) ?? inputs,
    apply: (x) => layers.reduce((y, layer) => nonlinearity(layer(y)), x),
  };
};

/** Of numbers 0 ... classes - 1. Cast afterwards: asked for float32, the wasm kernel writes the bits of an integer. */
export const oneHot = (x: Tensor, classes: number): Tensor =>
  tf.cast(tf.oneHot(tf.cast(x, "int32"), classes), "float32");

const isCategorical = ({ support }: FieldSchema): boolean => support === "categorical";
const classesOf = ({ classes }: FieldSchema): number => Math.max(2, classes ?? 2);

/** One example's shape of a field as a network sees it: categories one-hot on a last axis, everything else as it is. */
export const networkShape = (field: FieldSchema): Shape =>
  isCategorical(field) ? [...field.shape, classesOf(field)] : field.shape;
/** [N, ...shape] → [N, ...networkShape]. */
export const networkValue = (field: FieldSchema, x: Tensor): Tensor =>
  isCategorical(field) ? oneHot(x, classesOf(field)) : x;

/** Fields in the order of their names, flattened and joined to [N, size]; categories one-hot. */
export const flattenFields = (schemas: FieldSchemas): { size: number; apply(fields: Fields): Tensor } => {
  const ordered = Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1));
  const size = ordered.reduce((sum, [, field]) => sum + sizeOf(networkShape(field)), 0);
  return {
    size,
    apply: (fields) => {
      const parts = ordered.map(([name, field]) => {
        const x = fields[name]!;
        return tf.reshape(networkValue(field, x), [x.shape[0]!, -1]);
      });
      return parts.length === 1 ? parts[0]! : tf.concat(parts, 1);
    },
  };
};
