export { gaussianMixture } from "./gaussian-mixture.js";
