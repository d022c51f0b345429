/** Continues a run or sweep from its folder. */
import { join } from "node:path";
import { VaelabError } from "../../errors.js";
import type { Experiment } from "../../registry/experiment.js";
import { readVersioned } from "../../storage/format.js";
import { isObject } from "../../storage/json.js";
import { RUN_FILES } from "../../storage/layout.js";
import { finishedError } from "../evaluation/not-finite.js";
import { knownFolder } from "../runs/folders.js";
import type { Reporter } from "../runs/reporter.js";
import { openSavedRun, openSavedSweep } from "../runs/saved-spec.js";
import { scoped } from "../services/scoped-experiment.js";
import type { LaunchOptions, Scope } from "../services/services.js";
import { reportingTo, standardScope } from "../services/standard.js";
import { stateOf } from "../sweeps/attempts.js";
import { type Outcome, outcomeAt, type Place, perform } from "./perform.js";

export interface ResumeOptions extends LaunchOptions {
  folder: string;
  /** Extends a finished run to this many epochs. */
  epochs?: number;
  /** New, larger patience of early stopping, to continue a run that it ended. */
  patience?: number;
  /** Plugins of the folder's spec, or unchanged copies, that the caller trusts. */
  plugins?: readonly string[];
  /** Current folder of the data, if they have moved. */
  dataFolder?: string;
  reporter?: Reporter;
}

type Changes = Pick<ResumeOptions, "epochs" | "patience" | "dataFolder">;

/** The experiment of a folder, from its own files. */
const experimentOf = (
  { folder, kind }: Place,
  { epochs, patience, dataFolder, plugins = [] }: Changes & Pick<ResumeOptions, "plugins">,
  scope: Scope,
): Promise<Experiment> => {
  if (kind === "sweep") return openSavedSweep(folder, scope, { plugins, dataFolder }).load();
  const set = [
    ...(epochs === undefined ? [] : [`training.epochs=${epochs}`]),
    ...(patience === undefined ? [] : [`training.earlyStopping.patience=${patience}`]),
  ];
  return openSavedRun(folder, scope, { plugins, dataFolder }).load({ set });
};

/** Length of training at the last start. */
const lengthOf = (folder: string): { epochs?: unknown; patience?: unknown } => {
  const resolved = readVersioned(join(folder, RUN_FILES.resolved));
  const training = isObject(resolved) && isObject(resolved.training) ? resolved.training : {};
  return {
    epochs: training.epochs,
    ...(isObject(training.earlyStopping) && { patience: training.earlyStopping.patience }),
  };
};

/** @throws USAGE */
const assertExtensible = ({ folder, kind }: Place, { epochs, patience }: Changes): void => {
  if (kind === "sweep" && (epochs !== undefined || patience !== undefined))
    throw new VaelabError("USAGE", {
      message: "a sweep cannot be extended: its plan names trials by what they are",
      remedy: `Start another with more ${epochs === undefined ? "patience" : "epochs"}.`,
    });
  if (patience !== undefined && kind === "run" && lengthOf(folder).patience === undefined)
    throw new VaelabError("USAGE", {
      message: "the run has no early stopping whose patience could be raised",
      where: folder,
      remedy: "Leave --patience out.",
    });
};

/** Succeeds if nothing is left to do, unless figures of the finished run are not finite. */
export const resumeFolder = async (
  { folder: given, epochs, patience, dataFolder, plugins = [], reporter, ...options }: ResumeOptions,
  outer: Scope = standardScope(),
): Promise<Outcome> => {
  const scope = reportingTo(outer, reporter);
  const place = knownFolder(given);
  const { folder, kind } = place;
  const changes = {
    ...(epochs !== undefined && { epochs }),
    ...(patience !== undefined && { patience }),
    ...(dataFolder !== undefined && { dataFolder }),
  };
  assertExtensible(place, changes);
  const isUnchanged = (): boolean => {
    const before = lengthOf(folder);
    return (epochs ?? before.epochs) === before.epochs && (patience ?? before.patience) === before.patience;
  };
  if (kind === "run" && stateOf(folder) === "finished" && isUnchanged()) {
    const error = finishedError(folder);
    if (error) throw error;
    return outcomeAt(place);
  }
  const experiment = await experimentOf(place, { ...changes, plugins }, scope);
  return perform(scoped(experiment, scope), place, options);
};
