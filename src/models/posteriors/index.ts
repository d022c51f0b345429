export { bernoulliConcrete } from "./bernoulli-concrete.js";
export { categorical } from "./categorical.js";
export { deterministic } from "./deterministic.js";
export { diagonalGaussian } from "./diagonal-gaussian.js";
export { flow } from "./flow.js";
export { fullGaussian } from "./full-gaussian.js";
export { gumbelSoftmax } from "./gumbel-softmax.js";
export { laplace } from "./laplace.js";
