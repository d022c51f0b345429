/** Runs the trials of a sweep: in this process one at a time, in other processes where several run at once. The bytes are the same. */
import type { Experiment } from "../../registry/experiment.js";
import type { Reporter } from "../runs/reporter.js";
import { performRun } from "../runs/run.js";
import type { RunTrial } from "../sweeps/sweep.js";
import { type EngineOptions, startEngine } from "./start-engine.js";
import { trialPool } from "./trial-pool.js";

export interface TrialRunner {
  runTrial: RunTrial;
  close(): void;
}
export interface LaunchOptions extends EngineOptions {
  /** Trials of a sweep at once, each in a process of its own. Default: 1, in this process. */
  jobs?: number;
  /** Keep `git diff HEAD` of the spec's folder in provenance.json, and so in the report. */
  diff?: boolean;
  /** When aborted, the run writes a checkpoint and ends with INTERRUPTED. */
  signal?: AbortSignal;
}

/** One thread a trial, however many run at once: two processes with one thread each outrun one process with two. */
const TRIAL_THREADS = 1;

export const trialRunner = async (
  { catalogue, folder: specFolder }: Experiment,
  { engine = "auto", threads = TRIAL_THREADS, jobs = 1, diff = false, signal }: LaunchOptions,
  reporter: Reporter,
): Promise<TrialRunner> => {
  if (jobs > 1) {
    const pool = trialPool();
    return {
      runTrial: ({ spec, written }, folder, onEvent) =>
        pool.run({ spec, written, specFolder, diff, folder, engine, threads }, onEvent, signal),
      close: pool.close,
    };
  }
  const loaded = await startEngine({ engine, threads }, reporter);
  return {
    runTrial: ({ spec, written }, folder, onEvent) =>
      performRun({
        spec,
        written,
        catalogue,
        specFolder,
        diff,
        folder,
        engine: loaded,
        reporter: { event: onEvent },
        ...(signal && { signal }),
      }),
    close: () => {},
  };
};
