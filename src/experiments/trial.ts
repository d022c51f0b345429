/** The entry of a trial's process. */
import { serveTrial } from "./trial-process.js";

serveTrial();
