/** The nonlinearities by name. */

/**
 * For the `enum` of a schema: element by element, but for softmax, which is over the last axis. "silu" is called swish elsewhere,
 * "gelu-tanh" is the approximation by tanh, and what is "hard" is made of straight lines, as PyTorch has them.
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
