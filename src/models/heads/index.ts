export { conditional } from "./conditional.js";
