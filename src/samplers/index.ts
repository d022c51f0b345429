export { gaussianMixture } from "./gaussian-mixture.js";
export { kde } from "./kde.js";
