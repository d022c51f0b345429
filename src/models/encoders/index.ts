export { byField } from "./by-field.js";
export { conv } from "./conv.js";
export { denseResidual } from "./dense-residual.js";
export { gatedMlp } from "./gated-mlp.js";
export { layers } from "./layers.js";
export { mlp } from "./mlp.js";
export { resnet } from "./resnet.js";
export { unet } from "./unet.js";
