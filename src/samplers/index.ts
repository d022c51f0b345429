export { aggregatePosterior } from "./aggregate-posterior.js";
export { flow } from "./flow.js";
export { gaussianMixture } from "./gaussian-mixture.js";
export { kde } from "./kde.js";
export { riemannianUniform } from "./riemannian-uniform.js";
export { twoStage } from "./two-stage.js";
