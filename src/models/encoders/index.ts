export { conv } from "./conv.js";
export { mlp } from "./mlp.js";
