/** Goes on with a run or a sweep from what its folder holds. */
import { join } from "node:path";
import { VaelabError } from "../../errors.js";
import type { Catalogue } from "../../registry/components/catalogue.js";
import type { Experiment } from "../../registry/experiment.js";
import { isObject, readJson } from "../../storage/json.js";
import { RUN_FILES } from "../../storage/layout.js";
import { knownFolder } from "../runs/folders.js";
import type { Reporter } from "../runs/reporter.js";
import { readSavedRun, readSavedSweep } from "../runs/saved-spec.js";
import { scoped } from "../services/scoped-experiment.js";
import type { LaunchOptions, Scope } from "../services/services.js";
import { reportingTo, standardScope } from "../services/standard.js";
import { stateOf } from "../sweeps/attempts.js";
import { type Outcome, outcomeAt, type Place, perform } from "./perform.js";

export interface ResumeOptions extends LaunchOptions {
  folder: string;
  /** Extends the run to this many epochs: a finished run goes on. */
  epochs?: number;
  reporter?: Reporter;
}

/** The experiment that a folder was made from, as its own files say. */
const experimentOf = async (
  { folder, kind }: Place,
  epochs: number | undefined,
  catalogue: Catalogue,
): Promise<Experiment> => {
  const set = epochs === undefined ? [] : [`training.epochs=${epochs}`];
  return kind === "run"
    ? (await readSavedRun(folder, catalogue, { set })).experiment
    : readSavedSweep(folder, catalogue);
};

/** The number of epochs that the run was last started with. */
const lengthOf = (folder: string): unknown => {
  const resolved = readJson(join(folder, RUN_FILES.resolved));
  return isObject(resolved) && isObject(resolved.training) ? resolved.training.epochs : undefined;
};

/** Nothing left to do is success. */
export const resumeFolder = async (
  { folder: given, epochs, reporter, ...options }: ResumeOptions,
  outer: Scope = standardScope(),
): Promise<Outcome> => {
  const scope = reportingTo(outer, reporter);
  const place = knownFolder(given);
  const { folder, kind } = place;
  if (kind === "sweep" && epochs !== undefined) {
    throw new VaelabError("USAGE", {
      message: "a sweep cannot be extended: its plan names trials by what they are",
      remedy: "Start another with more epochs.",
    });
  }
  const experiment = await experimentOf(place, epochs, scope.catalogue);
  const finished = kind === "run" && stateOf(folder) === "finished";
  if (finished && (epochs === undefined || epochs === lengthOf(folder))) return outcomeAt(place);
  return perform(scoped(experiment, scope), place, options);
};
