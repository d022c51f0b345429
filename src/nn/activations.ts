/** Nonlinearities by name, and how the weights before one begin. */
import type { Activation } from "../tensor/activation-names.js";
import { glorotUniform, heNormal, type Initializer, lecunNormal } from "../tensor/initializers.js";
import { tf } from "../tensor/tensor.js";
import type { Layer } from "./layer.js";

export { ACTIVATIONS, type Activation } from "../tensor/activation-names.js";

/** min(max(x + 3, 0), 6) / 6. */
const hardSigmoid: Layer = (x) => tf.div(tf.relu6(tf.add(x, 3)), 6);

const FUNCTIONS: Readonly<Record<Activation, Layer>> = {
  relu: (x) => tf.relu(x),
  relu6: (x) => tf.relu6(x),
  "leaky-relu": (x) => tf.leakyRelu(x, 0.01),
  elu: (x) => tf.elu(x),
  selu: (x) => tf.selu(x),
  softplus: (x) => tf.softplus(x),
  silu: (x) => tf.mul(x, tf.sigmoid(x)),
  "hard-silu": (x) => tf.mul(x, hardSigmoid(x)),
  gelu: (x) => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1)),
  "gelu-tanh": (x) => {
    const inner = tf.mul(tf.add(x, tf.mul(tf.mul(tf.square(x), x), 0.044715)), Math.sqrt(2 / Math.PI));
    return tf.mul(tf.mul(x, 0.5), tf.add(tf.tanh(inner), 1));
  },
  mish: (x) => tf.mul(x, tf.tanh(tf.softplus(x))),
  sigmoid: (x) => tf.sigmoid(x),
  "hard-sigmoid": hardSigmoid,
  tanh: (x) => tf.tanh(x),
  "hard-tanh": (x) => tf.clipByValue(x, -1, 1),
  softsign: (x) => tf.div(x, tf.add(tf.abs(x), 1)),
  softmax: (x) => tf.softmax(x),
  identity: (x) => x,
};
export const activate = (activation: Activation): Layer => FUNCTIONS[activation];

const RECTIFIERS: ReadonlySet<Activation> = new Set([
  ...(["relu", "relu6", "leaky-relu", "elu", "silu", "hard-silu", "gelu", "gelu-tanh", "mish"] as const),
]);
/** He's normal initializer before a rectifier, LeCun's before selu, Glorot's uniform one elsewhere. */
export const initializerBefore = (activation: Activation): Initializer => {
  if (activation === "selu") return lecunNormal;
  return RECTIFIERS.has(activation) ? heNormal : glorotUniform;
};
