/** The nonlinearities by name. */

/**
 * For the `enum` of a schema. All are elementwise except softmax, which normalizes over the last axis. "silu" is also known
 * as swish, "gelu-tanh" is the tanh approximation, and the "hard" ones are piecewise linear, as in PyTorch.
 */
export const ACTIVATIONS = [
  "relu",
  "relu6",
  "leaky-relu",
  "elu",
  "selu",
  "softplus",
  "silu",
  "hard-silu",
  "gelu",
  "gelu-tanh",
  "mish",
  "sigmoid",
  "hard-sigmoid",
  "tanh",
  "hard-tanh",
  "softsign",
  "softmax",
  "identity",
] as const;
export type Activation = (typeof ACTIVATIONS)[number];
