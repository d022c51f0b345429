export { elbo } from "./elbo.js";
export { iwae } from "./iwae.js";
