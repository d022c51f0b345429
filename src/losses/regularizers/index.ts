export { dipI } from "./dip-i.js";
export { dipIi } from "./dip-ii.js";
export { mmd } from "./mmd.js";
export { totalCorrelation } from "./total-correlation.js";
