export { elbo } from "./elbo.js";
