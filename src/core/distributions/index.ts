export { Bernoulli } from "./bernoulli.js";
export { Categorical } from "./categorical.js";
export { DiagonalGaussian } from "./diagonal-gaussian.js";
export { closedFormKl } from "./kl.js";
export { Mixture } from "./mixture.js";
export { PointMass } from "./point-mass.js";
export { makeSite, type SiteParts } from "./site.js";
export { unfolded } from "./unfolded.js";
