export { bernoulli } from "./bernoulli.js";
export { categorical } from "./categorical.js";
export { flow } from "./flow.js";
export { fullGaussian } from "./full-gaussian.js";
export { gaussian } from "./gaussian.js";
export { gaussianMixture } from "./gaussian-mixture.js";
export { laplace } from "./laplace.js";
export { vamp } from "./vamp.js";
