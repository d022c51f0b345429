/** Nonlinearities by name, and how the weights before one begin. */
import { glorotUniform, heNormal, type Initializer } from "../initializers.js";
import { tf } from "../tensor.js";
import type { Layer } from "./layer.js";

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
