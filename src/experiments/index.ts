/**
 * From a spec to a run folder, and from a run folder back to a model:
 *
 *     spec ─ loadExperiment ─ planTrials ─┬─ performRun   → runs/NAME-ID
 *                                         └─ performSweep → sweeps/NAME-HASH
 */
export { type Encoded, encodeRun } from "./explore/encode.js";
export { evaluateRun } from "./explore/evaluate.js";
export { reconstructRun, sampleRun } from "./explore/sample-and-reconstruct.js";
export { interpolateRun, traverseRun } from "./explore/walks.js";
export { type Outcome, outcomeAt } from "./launch/perform.js";
export { type ResumeOptions, resumeFolder } from "./launch/resume-folder.js";
export { type RunOptions, runExperiment } from "./launch/run-experiment.js";
export { type Packed, type PackOptions, packRun } from "./packs/pack.js";
export { type Unpacked, type UnpackOptions, unpackRun } from "./packs/unpack.js";
export { FinishedWithErrors } from "./runs/finished-with-errors.js";
export type { ProgressEvent, Reporter } from "./runs/reporter.js";
export { isLoopback, type Serving, serveRun } from "./serve/server.js";
export { type Applied, type ApplyOptions, encodeFile, imputeFile, reconstructFile, scoreFile } from "./use/apply.js";
