/**
 * Reads a sweep folder: its plan joined with the outcome of each trial. Failed and unreached trials stay in the list with a
 * reason, so that charts never omit them silently.
 */

import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import type { Measurements } from "../../contracts/measurement.js";
import { VaelabError } from "../../errors.js";
import { maximum } from "../../numerics/lists.js";
import { inside } from "../../storage/inside.js";
import {
  type PlannedTrial,
  type RunMetrics,
  type RunState,
  SWEEP_FILES,
  type SweepHeader,
  type SweepMetrics,
} from "../../storage/layout.js";
import { sweepMetricsGuard } from "../../storage/layout-guards.js";
import { readPlan } from "../../storage/plan-file.js";
import { readFolder } from "../../storage/read-file.js";
import { earlyStopText } from "../../storage/status.js";
import { readSweepHeader } from "../../storage/sweep-header.js";
import { type SweepPoint, sweepMetrics, sweepPoint } from "../../storage/sweep-metrics.js";
import type { Choices } from "../figures/settings.js";
import { type Curves, readCurves } from "./curves.js";
import { contentOf, has, jsonPiece, missing, type Piece, pieceOf } from "./piece.js";
import { readRunMetrics, readStatus } from "./run.js";

export interface TrialRecord {
  id: string;
  choices: Choices;
  seed: number;
  state: RunState | "not started" | "unknown";
  reason: string | undefined;
  /** Where early stopping ended it, in words. */
  stoppedEarly: string | undefined;
  /** Its last attempt. */
  folder: string | undefined;
  measurements: Measurements | undefined;
  curves: Piece<Curves>;
}
export interface SweepRecord {
  folder: string;
  header: Piece<SweepHeader>;
  plan: Piece<readonly PlannedTrial[]>;
  metrics: Piece<SweepMetrics>;
  /** What is wrong with the metrics of the sweep, if those of its trials replace them. */
  damage: string | undefined;
  trials: readonly TrialRecord[];
}

/** trials/ID/attempt-N with the highest N. @throws RUN_FOLDER if it lies outside the folder of the sweep */
const lastAttempt = (sweep: string, id: string): string | undefined => {
  const folder = `${SWEEP_FILES.trials}/${id}`;
  const attempts = readFolder(inside(sweep, folder))
    .map((name) => /^attempt-(\d+)$/.exec(name)?.[1])
    .filter((n) => n !== undefined)
    .map(Number);
  return attempts.length > 0 ? inside(sweep, `${folder}/attempt-${maximum(attempts)}`) : undefined;
};

/** Adds the figures of finished trials that the metrics of a running or stopped sweep lack. */
const withLateTrials = (sweep: SweepRecord): SweepRecord => {
  const written = contentOf(sweep.metrics);
  const points = new Map((written?.points ?? []).map((point) => [point.trial, point]));
  const read = sweep.trials.map((trial): { trial: TrialRecord; point?: SweepPoint; late?: RunMetrics } => {
    const { id, choices, seed, state, folder } = trial;
    const known = points.get(id);
    if (known) return { trial, point: known };
    if (state !== "finished" || folder === undefined) return { trial };
    const own = readRunMetrics(folder);
    if (!has(own)) return { trial: { ...trial, reason: own.missing } };
    const place = { trial: id, folder: relative(sweep.folder, folder), choices, seed };
    const { measurements } = own.value;
    return { trial: { ...trial, measurements }, point: sweepPoint(place, own.value), late: own.value };
  });
  const trials = read.map(({ trial }) => trial);
  const all = read.flatMap(({ point }) => point ?? []);
  if (all.length <= points.size) return { ...sweep, trials };
  const name = contentOf(sweep.header)?.name ?? written?.name ?? "";
  const declared = [...(written ? [written] : []), ...read.flatMap(({ late }) => late ?? [])];
  const damage =
    has(sweep.metrics) || !existsSync(join(sweep.folder, SWEEP_FILES.metrics)) ? undefined : sweep.metrics.missing;
  return { ...sweep, trials, damage, metrics: { value: sweepMetrics(name, all, declared) } };
};

/** Folder of a trial's last attempt, if any; else the reason why it cannot be read. */
const attemptOf = (sweep: string, id: string, point: SweepPoint | undefined): Piece<string | undefined> => {
  try {
    const own = point && inside(sweep, point.folder);
    return { value: own !== undefined && existsSync(own) ? own : lastAttempt(sweep, id) };
  } catch (error) {
    if (!(error instanceof VaelabError)) throw error;
    return missing(error.problems.map(({ message }) => message).join("; "));
  }
};

const trialOf = (sweep: string, { id, choices, seed }: PlannedTrial, point: SweepPoint | undefined): TrialRecord => {
  const attempt = attemptOf(sweep, id, point);
  const known = { id, choices, seed, measurements: point?.measurements, stoppedEarly: undefined };
  const folder = contentOf(attempt);
  if (folder === undefined) {
    const lost = has(attempt) ? undefined : attempt.missing;
    const state = lost !== undefined ? "unknown" : point ? "finished" : "not started";
    return { ...known, state, reason: lost, folder, curves: missing(lost ?? "this trial left no folder") };
  }
  const status = readStatus(folder);
  const reason = has(status) ? status.value.reason : status.missing;
  const stoppedEarly = has(status) ? earlyStopText(status.value) : undefined;
  const state = contentOf(status)?.state ?? "unknown";
  return { ...known, state, reason, stoppedEarly, folder, curves: readCurves(folder) };
};

export const readHeader = (folder: string): Piece<SweepHeader> => pieceOf(folder, SWEEP_FILES.sweep, readSweepHeader);

export const readSweepMetrics = (folder: string): Piece<SweepMetrics> =>
  jsonPiece<SweepMetrics>(folder, SWEEP_FILES.metrics, sweepMetricsGuard);

export const readSweep = (folder: string): SweepRecord => {
  const plan = pieceOf<readonly PlannedTrial[]>(folder, SWEEP_FILES.plan, () => readPlan(folder));
  const metrics = readSweepMetrics(folder);
  const points = new Map((contentOf(metrics)?.points ?? []).map((point) => [point.trial, point]));
  // Without a plan, only the points tell which trials there are.
  const planned =
    contentOf(plan) ?? [...points.values()].map(({ trial, choices, seed }) => ({ id: trial, choices, seed }));
  const trials = planned.map((trial) => trialOf(folder, trial, points.get(trial.id)));
  const header = readHeader(folder);
  return withLateTrials({ folder, header, plan, metrics, damage: undefined, trials });
};
