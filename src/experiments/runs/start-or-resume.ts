/** Creates a run folder, or reads the state of a resumed run from it. */
import { existsSync, readdirSync, rmdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { HostTensors } from "../../contracts/program.js";
import { VaelabError } from "../../errors.js";
import type { Plugin } from "../../registry/plugins/load.js";
import type { ResolvedSpec } from "../../spec/experiment-schema.js";
import { checkpointFolder, checkpointSteps, readCheckpoint, restoreBest } from "../../storage/checkpoint.js";
import type { SavedPlace } from "../../storage/data-place.js";
import { asNotWritable, sha256Bytes } from "../../storage/files.js";
import { readVersioned, writeVersioned } from "../../storage/format.js";
import { canonicalJson } from "../../storage/json.js";
import { RUN_FILES } from "../../storage/layout.js";
import { LOCK_PREFIX, lockHolder } from "../../storage/lock.js";
import type { Assembled } from "../training/assemble.js";
import { learningRatesOf } from "../training/learning-rates.js";
import { freshState, parseState, type TrainingState } from "../training/training-state.js";

/**
 * What the run is, before anything else; resolved.json last, so that a folder which holds it can be gone on with.
 * @returns whether there was nothing yet.
 */
export const begin = (
  folder: string,
  {
    spec,
    written,
    saved,
    plugins,
  }: { spec: ResolvedSpec; written: unknown; saved: SavedPlace; plugins: readonly Plugin[] },
): boolean => {
  if (existsSync(join(folder, RUN_FILES.resolved))) return false;
  writeVersioned(join(folder, RUN_FILES.provenance), { plugins, ...saved });
  writeVersioned(join(folder, RUN_FILES.spec), written);
  writeVersioned(join(folder, RUN_FILES.resolved), spec);
  return true;
};

/** Undoes `begin`, and what a run writes before it trains, for one that was refused until then; resolved.json first. */
export const withdraw = (folder: string): void => {
  const { resolved, spec, provenance, data, conditions, status, log } = RUN_FILES;
  for (const name of [resolved, spec, provenance, data, conditions, status, log])
    rmSync(join(folder, name), { force: true });
};

/** After the lock's release; somebody else who has taken the folder meanwhile keeps it. */
export const removeEmpty = (folder: string): void => {
  try {
    if (lockHolder(folder)) return;
    for (const name of readdirSync(folder)) if (name.startsWith(LOCK_PREFIX)) rmSync(join(folder, name));
    rmdirSync(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOENT" && code !== "ENOTEMPTY") throw asNotWritable(error, folder);
  }
};

/** What a checkpoint goes on under: everything but the length of the run. */
const specHashOf = (spec: ResolvedSpec): string => {
  const { epochs: _, earlyStopping: __, ...training } = spec.training;
  const {
    name: _name,
    description: _description,
    $schema: _schema,
    plugins: _plugins,
    extends: _extends,
    ...computed
  } = spec;
  return sha256Bytes(canonicalJson({ ...computed, training }));
};

/**
 * Fields that components have gained since the run was trained have their defaults in `spec`, and are not in its resolved.json: so
 * either may be what the checkpoint was made by.
 * @throws RUN_FOLDER where a checkpoint was made by another spec.
 */
export const assertMadeBy = (spec: ResolvedSpec, { specHash }: TrainingState, folder: string): void => {
  if (specHash === specHashOf(spec)) return;
  const { format: _, ...written } = readVersioned(join(folder, RUN_FILES.resolved)) as ResolvedSpec & {
    format?: number;
  };
  if (specHash === specHashOf(written)) return;
  throw new VaelabError("RUN_FOLDER", {
    message: "the checkpoint was made by another spec than resolved.json",
    where: folder,
    remedy: "Only training.epochs and training.earlyStopping may change. Put resolved.json back, or start a new run.",
  });
};

export interface Resumed {
  state: TrainingState;
  tensors?: HostTensors;
}
/** @throws CHECKPOINT, RUN_FOLDER */
export const resumeFrom = (folder: string, spec: ResolvedSpec, warn: (message: string) => void): Resumed => {
  if (checkpointSteps(folder).length === 0) return { state: freshState(specHashOf(spec)) };
  const { step, model, optimizer, state: saved } = readCheckpoint(folder, "latest", warn);
  const state = parseState(saved, folder);
  if (state.step !== step)
    throw new VaelabError("CHECKPOINT", {
      message: `the state.json of the checkpoint of step ${step} says step ${state.step}`,
      where: checkpointFolder(folder, step),
      remedy: "Start the run again.",
    });
  assertMadeBy(spec, state, folder);
  state.specHash = specHashOf(spec);
  if (state.best) restoreBest(folder, state.best.step);
  return { state, tensors: { ...model, ...optimizer } };
};

/** @throws RUN_FOLDER when it has trained for longer than it shall. */
export const assertNotShortened = (
  { step }: TrainingState,
  { totalSteps, stepsPerEpoch }: Assembled,
  folder: string,
): void => {
  if (step <= totalSteps) return;
  const done = Math.ceil(step / stepsPerEpoch);
  throw new VaelabError("RUN_FOLDER", {
    message: `the run has trained into epoch ${done}, and training.epochs is ${totalSteps / stepsPerEpoch}`,
    where: folder,
    remedy: `A run can only be made longer: ask for ${done} epochs or more.`,
  });
};

/**
 * A schedule that follows the length of the run (a cosine without `steps`) has, in a longer one, taken another course from
 * the start. @param shorter the same run at the length that it was last told. @throws RUN_FOLDER
 */
export const assertSameCourse = (
  { step }: TrainingState,
  shorter: Assembled,
  { schedules, optimizer, objective, totalSteps }: Assembled,
  folder: string,
): void => {
  const rates = new Set(learningRatesOf({ optimizer, objective }).map(({ name }) => name));
  for (const schedule of schedules) {
    const { name } = schedule;
    const old = shorter.schedules.get(name)!;
    const differs = (at: number): boolean => old.at(at) !== schedule.at(at);
    let first: number | undefined;
    for (let at = 0; at < step && first === undefined; at++) if (differs(at)) first = at;
    // What validation was made with is the end of a weight, and no learning rate.
    const judgedOtherwise = !rates.has(name) && (old.final !== schedule.final || old.end !== schedule.end);
    if (first === undefined && !judgedOtherwise) continue;
    const what = first === undefined ? "would end at another value" : `would have had another value at step ${first}`;
    throw new VaelabError("RUN_FOLDER", {
      message: `the schedule of ${name} depends on the length of the run: with ${totalSteps} steps instead of ${shorter.totalSteps} it ${what}`,
      where: folder,
      remedy: "Start a new run of that length, or give its schedules a number of steps.",
    });
  }
};
