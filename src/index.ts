/**
 * The library: what a plugin or a script imports from "vaelab". Importing it loads no tensor library and no registry, so that
 * a plugin costs `validate` and `list` nothing; what runs is imported when it is called.
 */

import type { Outcome, ResumeOptions, RunOptions } from "./experiments/index.js";
import type { ExperimentSpec } from "./spec/experiment-schema.js";

export type * from "./builtins.js";
export type { Distribution } from "./contracts/distribution.js";
export type * from "./contracts/index.js";
export { describeProblem, ERRORS, type ErrorCode, EXIT, type Problem, VaelabError } from "./errors.js";
export type { Outcome, ProgressEvent, Reporter, ResumeOptions, RunOptions } from "./experiments/index.js";
export * from "./spec/define.js";
export type { ExperimentSpec, ResolvedSpec } from "./spec/experiment-schema.js";
export * from "./spec/spec-types.js";
export type { Batch, FieldSchema, FieldSchemas, Fields, Shape, Support } from "./tensor/fields.js";
export type { Initializer } from "./tensor/initializers.js";
export type { Noise } from "./tensor/keyed-noise.js";
export type { Parameter, ParameterScope } from "./tensor/parameters.js";

/** A spec written in TypeScript: its slots are checked when it is compiled, those of plugins included. */
export const defineExperiment = (spec: ExperimentSpec): ExperimentSpec => spec;

/** Trains and evaluates what a spec describes, in a folder of its own. @throws VaelabError */
export const run = async (spec: string | ExperimentSpec, options: Omit<RunOptions, "spec"> = {}): Promise<Outcome> => {
  const { runExperiment } = await import("./experiments/index.js");
  return runExperiment({ spec, ...options });
};

/** Goes on with a run or a sweep; nothing left to do is success. @throws VaelabError */
export const resume = async (folder: string, options: Omit<ResumeOptions, "folder"> = {}): Promise<Outcome> => {
  const { resumeFolder } = await import("./experiments/index.js");
  return resumeFolder({ folder, ...options });
};
