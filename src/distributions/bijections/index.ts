export { householder } from "./householder.js";
export { iaf } from "./iaf.js";
export { maf } from "./maf.js";
export { neuralSpline } from "./neural-spline.js";
export { planar } from "./planar.js";
export { radial } from "./radial.js";
export { realNvp } from "./real-nvp.js";
