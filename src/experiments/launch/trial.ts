/** Entry point of a trial process. */
import { serveTrials } from "./trial-process.js";

serveTrials();
