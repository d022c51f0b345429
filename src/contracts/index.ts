export * from "./data.js";
export * from "./head.js";
export * from "./layer.js";
export * from "./metric.js";
export * from "./model.js";
export * from "./sampler.js";
export * from "./training.js";
