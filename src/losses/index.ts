export { ciwae } from "./ciwae.js";
export { elbo } from "./elbo.js";
export { iwae } from "./iwae.js";
export { miwae } from "./miwae.js";
export { piwae } from "./piwae.js";
export { tvo } from "./tvo.js";
export { vr } from "./vr.js";
export { wakeSleep } from "./wake-sleep.js";
