/**
 * The library: what a plugin or a script imports from "vaelab". Importing it loads no tensor library and no registry, so that
 * a plugin costs `validate` and `list` nothing; what runs is imported when it is called.
 */

import type { Lab } from "./experiments/lab.js";
import type { Rebinding } from "./experiments/services/services.js";
import type { ExperimentSpec } from "./spec/experiment-schema.js";

export type * from "./builtins.js";
export type { Distribution } from "./contracts/distribution.js";
export type * from "./contracts/index.js";
export { KINDS } from "./contracts/kinds.js";
export { describeProblem, ERRORS, type ErrorCode, EXIT, type Problem, VaelabError } from "./errors.js";
export type { Outcome, ProgressEvent, Reporter, ResumeOptions, RunOptions } from "./experiments/index.js";
export type { Lab } from "./experiments/lab.js";
export type { Clock } from "./experiments/services/clock.js";
export type {
  Cache,
  EngineLoader,
  Launcher,
  Rebinding,
  Services,
  TrialRunner,
} from "./experiments/services/services.js";
export type { TrackedFigures, TrackedMeasurement, Tracker, TrackerEvent } from "./experiments/services/tracker.js";
export type { Examples } from "./experiments/use/examples.js";
export type { Numbers, ShapedNumbers } from "./experiments/use/numbers.js";
export type { OpenedRun, ValueArray, ValueArrays } from "./experiments/use/opened-run.js";
export type { Scores } from "./experiments/use/scores.js";
export * from "./spec/define.js";
export type { ExperimentSpec, ResolvedSpec } from "./spec/experiment-schema.js";
export type { Schema, Slot } from "./spec/slots.js";
export * from "./spec/spec-types.js";
export type { Batch, FieldSchema, FieldSchemas, Fields, Shape, Support } from "./tensor/fields.js";
export type { Initializer } from "./tensor/initializers.js";
export type { Noise } from "./tensor/keyed-noise.js";
export type { Parameter, ParameterScope } from "./tensor/parameters.js";

/** A spec written in TypeScript: its slots are checked when it is compiled, those of plugins included. */
export const defineExperiment = (spec: ExperimentSpec): ExperimentSpec => spec;

/**
 * What a program does with experiments. Each service that it names here (its own tracker, clock, cache, ...) is used in place
 * of the standard one; a function gets those in place, to wrap them.
 */
export const createLab = (services: Rebinding = {}): Lab => {
  let opened: Promise<Lab> | undefined;
  const open = (): Promise<Lab> => (opened ??= import("./experiments/lab.js").then(({ openLab }) => openLab(services)));
  return {
    run: async (...args) => (await open()).run(...args),
    resume: async (...args) => (await open()).resume(...args),
    evaluate: async (...args) => (await open()).evaluate(...args),
    sample: async (...args) => (await open()).sample(...args),
    reconstruct: async (...args) => (await open()).reconstruct(...args),
    interpolate: async (...args) => (await open()).interpolate(...args),
    traverse: async (...args) => (await open()).traverse(...args),
    encode: async (...args) => (await open()).encode(...args),
    open: async (...args) => (await open()).open(...args),
  };
};

const standard = createLab();
/** Trains and evaluates what a spec describes, in a folder of its own. @throws VaelabError */
export const run: Lab["run"] = standard.run;
/** Goes on with a run or a sweep; nothing left to do is success. @throws VaelabError */
export const resume: Lab["resume"] = standard.resume;
/** Opens a finished run: its model encodes, decodes, samples, scores and completes examples of the caller. @throws VaelabError */
export const openRun: Lab["open"] = standard.open;
