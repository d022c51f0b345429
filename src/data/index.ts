export { digits } from "./digits.js";
export { gaussian } from "./gaussian.js";
export { shapes } from "./shapes.js";
