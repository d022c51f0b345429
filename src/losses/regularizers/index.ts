export { mmd } from "./mmd.js";
