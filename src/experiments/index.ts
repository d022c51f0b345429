/**
 * From a spec to a run folder, and back from a run folder to a model:
 *
 *     spec ─ loadExperiment ─ planTrials ─┬─ performRun   → runs/NAME-ID
 *                                         └─ performSweep → sweeps/NAME-HASH
 */
import { createHash } from "node:crypto";
import { join } from "node:path";
import type { Engine, EngineChoice } from "../engine/engine.js";
import { loadEngine } from "../engine/load.js";
import { VaelabError } from "../errors.js";
import { createBuilder } from "../registry/components/build.js";
import { type Experiment, loadExperiment, loadExperimentValue } from "../registry/experiment.js";
import { planTrials } from "../registry/planning/trials.js";
import type { ExperimentSpec } from "../spec/experiment-schema.js";
import { isObject, readJson } from "../storage/json.js";
import { RUN_FILES, SWEEP_FILES } from "../storage/layout.js";
import { trialPool } from "./launch/trial-pool.js";
import { knownFolder, newFolder } from "./runs/folders.js";
import { loadOptions } from "./runs/load-options.js";
import { type Reporter, silent } from "./runs/reporter.js";
import { performRun } from "./runs/run.js";
import { readSavedRun, readSavedSweep } from "./runs/saved-spec.js";
import { stateOf } from "./sweeps/attempts.js";
import { performSweep, type RunTrial } from "./sweeps/sweep.js";
import { checkData } from "./training/checked-dataset.js";

export { type Encoded, encodeRun } from "./explore/encode.js";
export { evaluateRun } from "./explore/evaluate.js";
export { reconstructRun, sampleRun } from "./explore/sample-and-reconstruct.js";
export { interpolateRun, traverseRun } from "./explore/walks.js";
export type { ProgressEvent, Reporter } from "./runs/reporter.js";

interface EngineOptions {
  engine?: EngineChoice;
  /** Within an op; results repeat bit for bit at one count only. By default 2 for a run, 1 for each trial of a sweep. */
  threads?: number;
}
interface PerformOptions extends EngineOptions {
  /** Trials of a sweep at once, in as many processes; 1, the default, runs them in this process. */
  jobs?: number;
  /** Aborting it checkpoints and ends the run with INTERRUPTED. */
  signal?: AbortSignal;
}
export interface RunOptions extends PerformOptions {
  /** A file, or the spec itself. */
  spec: string | ExperimentSpec;
  /** PATH=VALUE, as the command line's flags. */
  set?: string[];
  add?: string[];
  /** The folder to write; it must not hold anything yet. */
  out?: string;
  reporter?: Reporter;
}
export interface ResumeOptions extends PerformOptions {
  folder: string;
  /** More epochs than the run was made for: a finished run goes on. */
  epochs?: number;
  reporter?: Reporter;
}
export interface Outcome {
  folder: string;
  kind: "run" | "sweep";
  /** Path of the HTML file. */
  report: string;
}

/** A trial has one thread, whatever else runs: two processes of one thread do more than one of two. */
const TRIAL_THREADS = 1;

const startEngine = async ({ engine = "auto", threads }: EngineOptions, reporter: Reporter): Promise<Engine> => {
  const loaded = await loadEngine(engine, threads === undefined ? {} : { threads });
  if (loaded.why) reporter.event({ type: "warning", message: loaded.why });
  return loaded;
};

interface TrialRunner {
  runTrial: RunTrial;
  close(): void;
}

/** In this process where one at a time is asked for, else in others: the bytes are the same. */
const trialRunner = async (
  { catalogue, folder: specFolder }: Experiment,
  { engine = "auto", threads = TRIAL_THREADS, jobs = 1, signal }: PerformOptions,
  reporter: Reporter,
): Promise<TrialRunner> => {
  const stop = signal ? { signal } : {};
  if (jobs > 1) {
    const pool = trialPool();
    return {
      runTrial: ({ spec, written }, folder, onEvent) =>
        pool.run({ spec, written, specFolder, folder, engine, threads }, onEvent, signal),
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
        folder,
        engine: loaded,
        reporter: { event: onEvent },
        ...stop,
      }),
    close: () => {},
  };
};

const perform = async (
  experiment: Experiment,
  kind: "run" | "sweep",
  folder: string,
  options: PerformOptions,
  reporter: Reporter,
): Promise<Outcome> => {
  const signal = options.signal ? { signal: options.signal } : {};
  if (kind === "sweep") {
    const specs = planTrials(experiment).map(({ spec }) => spec);
    await checkData(specs, await createBuilder(experiment.catalogue), experiment.folder);
    const { runTrial, close } = await trialRunner(experiment, options, reporter);
    try {
      await performSweep({ experiment, folder, reporter, jobs: options.jobs ?? 1, runTrial, ...signal });
    } finally {
      close();
    }
  } else {
    const { spec, written } = planTrials(experiment)[0]!;
    const { catalogue, folder: specFolder } = experiment;
    const engine = await startEngine(options, reporter);
    await performRun({
      spec,
      written,
      catalogue,
      specFolder,
      folder,
      engine,
      reporter,
      withdrawRefused: true,
      ...signal,
    });
  }
  return { folder, kind, report: join(folder, kind === "sweep" ? SWEEP_FILES.report : RUN_FILES.report) };
};

/** Trains and evaluates what a spec describes: a run, or a run for every setting of its sweep. */
export const runExperiment = async ({
  spec,
  set,
  add,
  out,
  reporter = silent,
  ...options
}: RunOptions): Promise<Outcome> => {
  const flags = loadOptions({ ...(set && { set }), ...(add && { add }) });
  const experiment =
    typeof spec === "string" ? await loadExperiment(spec, flags) : await loadExperimentValue(spec, flags);
  const trials = planTrials(experiment);
  const kind = experiment.spec.sweep ? "sweep" : "run";
  const id =
    kind === "run"
      ? trials[0]!.id
      : createHash("sha256")
          .update(trials.map((trial) => trial.id).join())
          .digest("hex")
          .slice(0, 12);
  const folder = newFolder(kind === "run" ? "runs" : "sweeps", experiment.spec.name, id, out);
  return perform(experiment, kind, folder, options, reporter);
};

/** The experiment that a folder was made from, as its own files say. */
const experimentOf = async (folder: string, kind: "run" | "sweep", epochs: number | undefined): Promise<Experiment> => {
  const set = epochs === undefined ? [] : [`training.epochs=${epochs}`];
  return kind === "run" ? (await readSavedRun(folder, { set })).experiment : readSavedSweep(folder);
};

/** The epochs that a run was last told to make. */
const lengthOf = (folder: string): unknown => {
  const resolved = readJson(join(folder, RUN_FILES.resolved));
  return isObject(resolved) && isObject(resolved.training) ? resolved.training.epochs : undefined;
};

/** Goes on with a run or sweep; nothing left to do is success. */
export const resumeFolder = async ({
  folder: given,
  epochs,
  reporter = silent,
  ...options
}: ResumeOptions): Promise<Outcome> => {
  const { folder, kind } = knownFolder(given);
  if (kind === "sweep" && epochs !== undefined) {
    throw new VaelabError("USAGE", {
      message: "a sweep cannot be extended: its plan names trials by what they are",
      remedy: "Start another with more epochs.",
    });
  }
  const experiment = await experimentOf(folder, kind, epochs);
  const finished = kind === "run" && stateOf(folder) === "finished";
  if (finished && (epochs === undefined || epochs === lengthOf(folder))) {
    return { folder, kind, report: join(folder, RUN_FILES.report) };
  }
  return perform(experiment, kind, folder, options, reporter);
};
