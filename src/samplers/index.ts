export { flow } from "./flow.js";
export { gaussianMixture } from "./gaussian-mixture.js";
export { kde } from "./kde.js";
