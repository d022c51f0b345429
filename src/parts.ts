/**
 * What a plugin computes with, imported from "vaelab/parts": the distributions, layers and mathematics of the built-in components, so
 * that a plugin's Gaussian is the Gaussian whose KL is known in closed form. "vaelab/tensor" has TensorFlow.js itself.
 */
export type { CallContext, FeatureMaps, Values } from "./contracts/call-context.js";
export type { ClosedFormKl, Distribution, LatentSupport } from "./contracts/distribution.js";
export * from "./distributions/index.js";
export { evaluationCall, forkCall } from "./inference/call.js";
export * from "./inference/elbo-terms.js";
export * from "./inference/known-labels.js";
export { isSingular, makeSite, siteOf } from "./inference/site.js";
export * from "./nn/index.js";
export * from "./tensor/bessel.js";
export * from "./tensor/initializers.js";
export * from "./tensor/mathematics.js";
export * from "./tensor/special-functions.js";
export { stopGradient, straightThrough } from "./tensor/tensor.js";
