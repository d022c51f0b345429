export { constant } from "./constant.js";
export { cosine } from "./cosine.js";
export { cyclical } from "./cyclical.js";
export { exponentialDecay } from "./exponential-decay.js";
export { linear } from "./linear.js";
export { piecewise } from "./piecewise.js";
export { sigmoid } from "./sigmoid.js";
export { warmupCosine } from "./warmup-cosine.js";
