export { digits } from "./digits.js";
