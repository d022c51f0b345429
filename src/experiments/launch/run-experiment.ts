/** Trains and evaluates what a spec describes: one run, or one run for every setting of its sweep. */
import { createHash } from "node:crypto";
import { loadExperiment, loadExperimentValue } from "../../registry/experiment.js";
import { planTrials, type Trial } from "../../registry/planning/trials.js";
import type { ExperimentSpec } from "../../spec/experiment-schema.js";
import { newFolder } from "../runs/folders.js";
import { loadOptions } from "../runs/load-options.js";
import { type Reporter, silent } from "../runs/reporter.js";
import { type Outcome, perform } from "./perform.js";
import type { LaunchOptions } from "./trial-runner.js";

export interface RunOptions extends LaunchOptions {
  /** A file, or the spec itself. */
  spec: string | ExperimentSpec;
  /** PATH=VALUE, as on the command line. */
  set?: string[];
  add?: string[];
  /** The folder to write; it must be empty or absent. */
  out?: string;
  reporter?: Reporter;
}

/** Names a sweep by the ids of its trials. */
const sweepId = (trials: readonly Trial[]): string =>
  createHash("sha256")
    .update(trials.map((trial) => trial.id).join())
    .digest("hex")
    .slice(0, 12);

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
  const { sweep, name } = experiment.spec;
  const folder = sweep ? newFolder("sweeps", name, sweepId(trials), out) : newFolder("runs", name, trials[0]!.id, out);
  return perform(experiment, { folder, kind: sweep ? "sweep" : "run" }, options, reporter);
};
