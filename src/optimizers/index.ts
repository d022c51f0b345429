export { adam } from "./adam.js";
export { adamw } from "./adamw.js";
export { rmsprop } from "./rmsprop.js";
export { sgd } from "./sgd.js";
