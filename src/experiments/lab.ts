/** Commands of a lab, which use its services. */
import { type Encoded, type EncodeOptions, encodeRun } from "./explore/encode.js";
import { type EvaluateRunOptions, evaluateRun } from "./explore/evaluate.js";
import {
  type ReconstructOptions,
  reconstructRun,
  type SampleOptions,
  sampleRun,
} from "./explore/sample-and-reconstruct.js";
import { type InterpolateOptions, interpolateRun, type TraverseOptions, traverseRun } from "./explore/walks.js";
import type { Outcome } from "./launch/perform.js";
import { type ResumeOptions, resumeFolder } from "./launch/resume-folder.js";
import { type RunOptions, runExperiment } from "./launch/run-experiment.js";
import type { Rebinding } from "./services/services.js";
import { openScope } from "./services/standard.js";
import { type OpenRunOptions, openRun } from "./use/open-run.js";
import type { OpenedRun } from "./use/opened-run.js";

type Files = Promise<{ files: string[] }>;
/** Each throws VaelabError. */
export interface Lab {
  /** Trains and evaluates the experiment of a spec in a new folder. */
  run(spec: RunOptions["spec"], options?: Omit<RunOptions, "spec">): Promise<Outcome>;
  /** Continues a run or sweep; succeeds if nothing is left to do. */
  resume(folder: string, options?: Omit<ResumeOptions, "folder">): Promise<Outcome>;
  /** Evaluates a finished run again. */
  evaluate(run: string, options?: Omit<EvaluateRunOptions, "run">): ReturnType<typeof evaluateRun>;
  /** Samples new data from a run's model. */
  sample(run: string, options: Omit<SampleOptions, "run">): Files;
  reconstruct(run: string, options: Omit<ReconstructOptions, "run">): Files;
  interpolate(run: string, options: Omit<InterpolateOptions, "run">): Files;
  traverse(run: string, options?: Omit<TraverseOptions, "run">): ReturnType<typeof traverseRun>;
  /** Writes the codes of a split. */
  encode(run: string, options?: Omit<EncodeOptions, "run">): Promise<Encoded>;
  /** Opens a run, whose model then encodes, decodes, samples, scores and completes examples of the caller. */
  open(run: string, options?: OpenRunOptions): Promise<OpenedRun>;
}

/** @throws USAGE for an unknown or incomplete service */
export const openLab = (rebinding: Rebinding = {}): Lab => {
  const scope = openScope(rebinding);
  return {
    run: (spec, options) => runExperiment({ ...options, spec }, scope),
    resume: (folder, options) => resumeFolder({ ...options, folder }, scope),
    evaluate: (run, options) => evaluateRun({ ...options, run }, scope),
    sample: (run, options) => sampleRun({ ...options, run }, scope),
    reconstruct: (run, options) => reconstructRun({ ...options, run }, scope),
    interpolate: (run, options) => interpolateRun({ ...options, run }, scope),
    traverse: (run, options) => traverseRun({ ...options, run }, scope),
    encode: (run, options) => encodeRun({ ...options, run }, scope),
    open: (run, options) => openRun(run, options, scope),
  };
};
