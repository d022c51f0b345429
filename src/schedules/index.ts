export { constant } from "./constant.js";
export { cyclical } from "./cyclical.js";
export { linear } from "./linear.js";
