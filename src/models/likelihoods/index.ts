export { bernoulli } from "./bernoulli.js";
export { continuousBernoulli } from "./continuous-bernoulli.js";
export { discretizedLogistic } from "./discretized-logistic.js";
export { gaussian } from "./gaussian.js";
export { laplace } from "./laplace.js";
export { logCosh } from "./log-cosh.js";
export { logistic } from "./logistic.js";
export { studentT } from "./student-t.js";
