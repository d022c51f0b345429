export { classifier } from "./classifier.js";
export { conditional } from "./conditional.js";
export { semiSupervised } from "./semi-supervised.js";
