export { bernoulli } from "./bernoulli.js";
export { gaussian } from "./gaussian.js";
