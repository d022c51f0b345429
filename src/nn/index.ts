/** Functional layers: a layer declares its parameters when it is built and is then a function of tensors alone. */
export * from "./activations.js";
export * from "./chain.js";
export * from "./convolution.js";
export * from "./convolutional.js";
export * from "./dense.js";
export * from "./dropout.js";
export * from "./follow.js";
export * from "./gated.js";
export * from "./image-encoder.js";
export * from "./initialization.js";
export * from "./inputs.js";
export * from "./layer.js";
export * from "./mirror.js";
export * from "./normalization.js";
export * from "./pooling.js";
export * from "./residual.js";
export * from "./shapes.js";
