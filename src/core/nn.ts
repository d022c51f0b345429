/** Functional layers: a layer declares its parameters when it is built, and is then a function of tensors alone. */
export * from "./nn/activations.js";
export * from "./nn/chain.js";
export * from "./nn/convolution.js";
export * from "./nn/convolutional.js";
export * from "./nn/dense.js";
export * from "./nn/dropout.js";
export * from "./nn/follow.js";
export * from "./nn/gated.js";
export * from "./nn/image-encoder.js";
export * from "./nn/initialisation.js";
export * from "./nn/inputs.js";
export * from "./nn/layer.js";
export * from "./nn/mirror.js";
export * from "./nn/normalisation.js";
export * from "./nn/pooling.js";
export * from "./nn/residual.js";
export * from "./nn/shapes.js";
