export { batchReshape } from "./batch-reshape.js";
export { Bernoulli } from "./bernoulli.js";
export { Categorical } from "./categorical.js";
export { DiagonalGaussian } from "./diagonal-gaussian.js";
export { closedFormKl } from "./kl.js";
export { Mixture } from "./mixture.js";
export { PointMass } from "./point-mass.js";
