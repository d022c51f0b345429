/** What a program can do with experiments, by the services that it chose. */
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

type Files = Promise<{ files: string[] }>;
/** Each throws VaelabError. */
export interface Lab {
  /** Trains and evaluates what a spec describes, in a folder of its own. */
  run(spec: RunOptions["spec"], options?: Omit<RunOptions, "spec">): Promise<Outcome>;
  /** Goes on with a run or a sweep; nothing left to do is success. */
  resume(folder: string, options?: Omit<ResumeOptions, "folder">): Promise<Outcome>;
  /** Scores a finished run again. */
  evaluate(run: string, options?: Omit<EvaluateRunOptions, "run">): ReturnType<typeof evaluateRun>;
  /** Draws new data from a run's model. */
  sample(run: string, options: Omit<SampleOptions, "run">): Files;
  reconstruct(run: string, options: Omit<ReconstructOptions, "run">): Files;
  interpolate(run: string, options: Omit<InterpolateOptions, "run">): Files;
  traverse(run: string, options?: Omit<TraverseOptions, "run">): ReturnType<typeof traverseRun>;
  /** Writes the codes of a split. */
  encode(run: string, options?: Omit<EncodeOptions, "run">): Promise<Encoded>;
}

/** @throws USAGE: an unknown service, or one that lacks what it has to do */
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
  };
};
