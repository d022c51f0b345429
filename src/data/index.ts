export { csv } from "./csv.js";
export { digits } from "./digits.js";
export { gaussian } from "./gaussian.js";
export { idx } from "./idx.js";
export { npy } from "./npy.js";
export { npz } from "./npz.js";
export { shapes } from "./shapes.js";
