/** The entry of a process for trials. */
import { serveTrials } from "./trial-process.js";

serveTrials();
