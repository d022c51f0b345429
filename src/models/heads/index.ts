export { classifier } from "./classifier.js";
export { conditional } from "./conditional.js";
