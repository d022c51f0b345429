/** The library: what a plugin or a script imports from "vaelab". */
export * from "./core/define.js";
export { describeProblem, ERRORS, EXIT, type ErrorCode, type Problem, VaelabError } from "./core/errors.js";
export type { ExperimentSpec, ResolvedSpec } from "./core/experiment-schema.js";
export * from "./core/specs.js";
