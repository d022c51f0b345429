export { accuracy } from "./accuracy.js";
export { activeUnits } from "./active-units.js";
export { elbo } from "./elbo.js";
export { iwaeNll } from "./iwae-nll.js";
