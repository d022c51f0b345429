export { householder } from "./householder.js";
export { planar } from "./planar.js";
export { radial } from "./radial.js";
