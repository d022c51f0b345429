/**
 * A sweep in its folder. The plan is written before the first trial. Each trial is a run in a folder of its attempt: a
 * finished trial never runs again, an interrupted one resumes, and a failed one gets a new attempt.
 */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ScheduleRole } from "../../contracts/schedule.js";
import { reasonOf, VaelabError } from "../../errors.js";
import { type Builder, createBuilder } from "../../registry/components/build.js";
import type { Experiment } from "../../registry/experiment.js";
import { planTrials, type Trial } from "../../registry/planning/trials.js";
import { cleanLeftovers, makeFolder, writeFileAtomically } from "../../storage/files.js";
import { writeVersioned } from "../../storage/format.js";
import { canonicalJson } from "../../storage/json.js";
import { type EarlyStop, SWEEP_FILES, type SweepHeader } from "../../storage/layout.js";
import { acquireLock, lockHolder } from "../../storage/lock.js";
import { planText, readPlan } from "../../storage/plan-file.js";
import { readStatus } from "../../storage/status.js";
import { asVaelabError } from "../../tensor/fault.js";
import { finishedError } from "../evaluation/not-finite.js";
import { inParallel } from "../launch/trial-pool.js";
import { writeFinishedReport } from "../runs/finished-report.js";
import { FinishedWithErrors } from "../runs/finished-with-errors.js";
import type { ProgressEvent } from "../runs/reporter.js";
import type { ScopedExperiment, TrialRunner } from "../services/services.js";
import { attemptFolder, newestAttempt, stateOf } from "./attempts.js";
import { writeSummaries } from "./summary.js";
import { sweepProgress } from "./sweep-progress.js";

export interface SweepRequest {
  experiment: ScopedExperiment;
  folder: string;
  signal?: AbortSignal;
  runner: TrialRunner;
}

/** The role of a schedule that a path leads to, or into: "weight" of objective.beta and of objective.beta.final. */
const roleAt = (path: string, roles: ReadonlyMap<string, ScheduleRole>): ScheduleRole | undefined =>
  [...roles].find(([name]) => path === name || path.startsWith(`${name}.`))?.[1];

const axesOf = (trials: readonly Trial[], builder: Builder): SweepHeader["axes"] => {
  const roles = new Map(trials.slice(0, 1).flatMap(({ spec }) => [...builder.scheduleRoles(spec)]));
  const paths = [...new Set(trials.flatMap(({ choices }) => Object.keys(choices)))].filter((path) => path !== "seed");
  return paths.map((path) => {
    const values = new Map(trials.map(({ choices }) => [canonicalJson(choices[path] ?? null), choices[path]]));
    const role = roleAt(path, roles);
    return { path, values: [...values.values()], ...(role && { role }) };
  });
};

/** @throws RUN_FOLDER when the folder holds the plan of another sweep. */
const writePlan = (
  folder: string,
  { spec, written, plugins, folder: specFolder, catalogue }: Experiment,
  trials: readonly Trial[],
): void => {
  const path = join(folder, SWEEP_FILES.plan);
  if (existsSync(path)) {
    if (planText(readPlan(folder)) === planText(trials)) return;
    throw new VaelabError("RUN_FOLDER", {
      message: "the sweep's spec no longer gives the plan that it was started with",
      where: path,
      remedy: "Put sweep.json, the data and the plugins back, or start a new sweep.",
    });
  }
  const seeds = [...new Set(trials.map(({ seed }) => seed))];
  const header: SweepHeader = {
    name: spec.name,
    axes: axesOf(trials, createBuilder(catalogue)),
    seeds,
    trials: trials.length,
  };
  writeVersioned(join(folder, SWEEP_FILES.sweep), { ...header, spec: written, plugins, specFolder });
  writeFileAtomically(path, planText(trials));
};

const interrupted = (folder: string, where: string): VaelabError =>
  new VaelabError("INTERRUPTED", {
    message: `interrupted ${where}; completed work is kept`,
    remedy: `Continue with: vaelab resume ${folder}`,
  });

/** The trials of a sweep that was killed end by themselves, a moment after it. */
const ORPHAN_MILLISECONDS = 10_000;
const untilFree = async (attempt: string): Promise<void> => {
  const limit = performance.now() + ORPHAN_MILLISECONDS;
  while (lockHolder(attempt) && performance.now() < limit) await sleep(100);
};

interface Failure {
  id: string;
  error: unknown;
}
const UNSOUND = "finished with figures that are not finite";
/** Trained and evaluated, with figures that are not finite: the sweep keeps all others of this trial. */
const isFinished = ({ error }: Failure): boolean => error instanceof VaelabError && error.code === "FIGURE";

/** What ended badly, trials that failed before those that finished; undefined where nothing did. */
const errorOf = (all: readonly Failure[], total: number, folder: string): VaelabError | undefined => {
  const unsound = all.filter(isFinished);
  const failed = all.filter((failure) => !isFinished(failure));
  const [first] = [...failed, ...unsound];
  if (!first) return undefined;
  const say = (what: string, some: readonly Failure[]): string[] =>
    some
      .slice(0, 1)
      .map(({ id, error }) => `${some.length} of ${total} trials ${what}, the first (${id}) with: ${reasonOf(error)}`);
  // Evaluated again, the same weights give the same figures.
  const again = failed.length > 0 ? ` "vaelab resume ${folder}" tries the failed ones again.` : "";
  const problem = {
    message: [...say("failed", failed), ...say(UNSOUND, unsound)].join("; "),
    where: folder,
    remedy: `The report shows the others.${again}`,
  };
  const { code } = asVaelabError(first.error);
  return new FinishedWithErrors(code, problem, { folder, kind: "sweep" }, { cause: first.error });
};

/** One trial: skipped if finished, resumed if interrupted, retried if failed. */
const performTrial = async (
  { experiment, folder, signal, runner }: SweepRequest,
  { trial, index, total }: { trial: Trial; index: number; total: number },
  onEvent: (event: ProgressEvent) => void,
): Promise<Failure | undefined> => {
  const { id, choices } = trial;
  const newest = newestAttempt(folder, id);
  if (newest) await untilFree(newest.folder);
  const state = newest ? stateOf(newest.folder) : undefined;
  const { reporter, clock } = experiment.scope;
  const started = clock.milliseconds();
  const tell = (now: "started" | "finished" | "failed" | "skipped", stoppedEarly?: EarlyStop): void => {
    const seconds = now === "finished" || now === "failed" ? { seconds: (clock.milliseconds() - started) / 1000 } : {};
    reporter.event({
      type: "trial",
      index,
      total,
      id,
      choices: { ...choices },
      state: now,
      ...seconds,
      ...(stoppedEarly && { stoppedEarly }),
    });
  };
  if (newest && state === "finished") {
    tell("skipped");
    const error = finishedError(newest.folder);
    return error && { id, error };
  }
  if (signal?.aborted) throw interrupted(folder, `before trial ${index + 1} of ${total}`);
  const attempt = !newest ? 1 : state === "failed" ? newest.number + 1 : newest.number;
  tell("started");
  try {
    const own = attemptFolder(folder, id, attempt);
    await runner.runTrial(trial, own, onEvent);
    tell("finished", readStatus(own).stoppedEarly);
    return undefined;
  } catch (error) {
    if (error instanceof VaelabError) {
      if (error.code === "INTERRUPTED") throw interrupted(folder, `in trial ${index + 1} of ${total}`);
      if (error.code === "NOT_WRITABLE" || error.code === "RUN_BUSY") throw error;
    }
    const failure = { id, error };
    if (isFinished(failure)) tell("finished", readStatus(attemptFolder(folder, id, attempt)).stoppedEarly);
    else tell("failed");
    reporter.event({
      type: "warning",
      message: `trial ${id} ${isFinished(failure) ? UNSOUND : "failed"}: ${reasonOf(error)}`,
    });
    return failure;
  }
};

/** @throws the code of the first trial of the plan that failed, or whose figures are not finite, once all are done; INTERRUPTED at once. */
export const performSweep = async (request: SweepRequest): Promise<void> => {
  const { experiment, folder, runner } = request;
  const { reporter } = experiment.scope;
  const { jobs } = runner;
  const trials = planTrials(experiment);
  const total = trials.length;
  makeFolder(folder);
  const lock = acquireLock(folder);
  try {
    cleanLeftovers(folder);
    writePlan(folder, experiment, trials);
    const failures: (Failure | undefined)[] = Array(total).fill(undefined);
    const events = jobs > 1 ? sweepProgress(reporter, total) : () => (event: ProgressEvent) => reporter.event(event);
    await inParallel(trials, jobs, async (trial, index) => {
      failures[index] = await performTrial(request, { trial, index, total }, events(index));
    });
    reporter.event({ type: "phase", name: "writing the report of the sweep" });
    writeSummaries(folder);
    await writeFinishedReport(folder, (message) => reporter.event({ type: "warning", message }));
    const error = errorOf(
      failures.filter((failure) => failure !== undefined),
      total,
      folder,
    );
    if (error) throw error;
  } finally {
    lock.release();
  }
};
