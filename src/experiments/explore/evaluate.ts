/** Evaluates a finished run again with other metrics, or on another split or checkpoint. */

import { readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { EXIT, VaelabError } from "../../errors.js";
import { maximum } from "../../numerics/lists.js";
import { makeFolder, publishFolder, syncFolder, temporaryName, writing } from "../../storage/files.js";
import { writeVersioned } from "../../storage/format.js";
import { assertContained } from "../../storage/inside.js";
import { RUN_FILES, type RunMetrics } from "../../storage/layout.js";
import { acquireLock } from "../../storage/lock.js";
import { readFolder } from "../../storage/read-file.js";
import { readStatus, writeStatus } from "../../storage/status.js";
import { evaluate } from "../evaluation/evaluate.js";
import { notFiniteError } from "../evaluation/not-finite.js";
import { writeFinishedReport } from "../runs/finished-report.js";
import { knownFolder } from "../runs/folders.js";
import { type LoadRunOptions, loadRun } from "../runs/load-run.js";
import { computedWith } from "../runs/provenance.js";
import type { Scope } from "../services/services.js";
import { reportingTo, standardScope } from "../services/standard.js";
import { stateOf } from "../sweeps/attempts.js";

export interface EvaluateRunOptions extends LoadRunOptions {
  /** Metrics that replace the run's own: names, or components as JSON. */
  metrics?: string[];
  /** Replaces the run's own metrics.json, per-example.npz and report. */
  replace?: boolean;
  signal?: AbortSignal;
}

/** @throws USAGE for any other change, because it would define another model. */
const assertOnlyEvaluation = (flag: "--set" | "--add", changes: readonly string[]): void => {
  const problems = changes
    .filter((change) => !/^\s*evaluation[.=]/.test(change))
    .map((change) => ({
      where: `${flag} ${change}`,
      message: "evaluation cannot change the model or the training of a finished run",
      remedy: "Change only fields under evaluation, as in --set evaluation.split=validation.",
    }));
  if (problems.length > 0) throw new VaelabError("USAGE", problems);
};

const nextEvaluation = (folder: string): string => {
  const all = join(folder, RUN_FILES.evaluations);
  const numbers = readFolder(all).flatMap((name) => (/^\d{1,9}$/.test(name) ? [Number(name)] : []));
  return join(all, String(maximum([0, ...numbers]) + 1));
};

/** Before anything is replaced. @throws NOT_WRITABLE where a folder stands in the place of a file */
const assertReplaceable = (path: string): void => {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true)
    throw new VaelabError("NOT_WRITABLE", {
      where: path,
      message: "a folder stands where this file is to be written",
      remedy: "Move it away.",
    });
};

/** @throws FIGURE if some are not finite */
const finite = (folder: string, metrics: RunMetrics): { folder: string; metrics: RunMetrics } => {
  const error = notFiniteError(metrics, { folder, kind: "evaluation" });
  if (error) throw error;
  return { folder, metrics };
};

/** Allowed even if its own evaluation failed, because another may succeed. */
const isTrained = (folder: string): boolean => {
  const state = stateOf(folder);
  if (state !== "failed") return state === "finished";
  const { step, totalSteps, stoppedEarly } = readStatus(folder);
  return stoppedEarly !== undefined || (totalSteps > 0 && step === totalSteps);
};

/** @returns the figures and their folder. @throws RUN_FOLDER unless the run is finished, USAGE, INTERRUPTED */
export const evaluateRun = async (
  {
    run,
    metrics = [],
    set = [],
    add = [],
    replace = false,
    reporter: given,
    signal,
    ...engineOptions
  }: EvaluateRunOptions,
  outer: Scope = standardScope(),
): Promise<{ folder: string; metrics: RunMetrics }> => {
  assertOnlyEvaluation("--set", set);
  assertOnlyEvaluation("--add", add);
  const { folder, kind } = knownFolder(run);
  if (kind === "run" && !isTrained(folder))
    throw new VaelabError("RUN_FOLDER", {
      message: `the run is ${stateOf(folder)}, not finished`,
      where: run,
      remedy: `Resume it first: vaelab resume ${run}`,
    });
  const asMetrics = metrics.length > 0 ? [`evaluation.metrics=[${metrics.map(componentText).join(",")}]`] : [];
  const changes = { set: [...asMetrics, ...set], add };
  const loaded = await loadRun({ run, ...engineOptions, ...changes, extend: true }, reportingTo(outer, given));
  const { scope, spec, trained, builder, checkpoint, engine } = loaded;
  assertContained(folder);
  const lock = acquireLock(folder);
  const final = nextEvaluation(folder);
  makeFolder(join(folder, RUN_FILES.evaluations));
  const temporary = temporaryName(final);
  try {
    makeFolder(temporary);
    const scored = await evaluate({
      spec,
      trained,
      builder,
      checkpoint: { step: checkpoint.step, which: spec.evaluation.checkpoint },
      content: checkpoint.sha256,
      folder: temporary,
      pictures: false,
      reporter: scope.reporter,
      cache: scope.cache,
      ...(signal && { signal }),
    });
    const computed = computedWith({ plugins: loaded.plugins, dataset: trained.dataset, engine, capture: spec.capture });
    const asked = { evaluation: spec.evaluation, checkpoint: scored.checkpoint, ...computed };
    writeVersioned(join(temporary, RUN_FILES.evaluation), asked);
    if (!replace) {
      publishFolder(temporary, final);
      return finite(final, scored);
    }
    const names = readdirSync(temporary);
    for (const name of names) assertReplaceable(join(folder, name));
    for (const name of names) writing(join(folder, name), () => renameSync(join(temporary, name), join(folder, name)));
    syncFolder(folder);
    await writeFinishedReport(folder, (message) => scope.reporter.event({ type: "warning", message }));
    const { reason: _, ...status } = readStatus(folder);
    const notFinite = notFiniteError(scored, { folder, kind: "run" });
    writeStatus(folder, {
      ...status,
      state: "finished",
      exit: notFinite?.exitCode ?? EXIT.done,
      ...(notFinite && { reason: notFinite.message }),
    });
    return finite(folder, scored);
  } catch (error) {
    if (signal?.aborted !== true || error !== signal.reason) throw error;
    throw new VaelabError("INTERRUPTED", {
      message: "interrupted during evaluation; nothing was written",
      remedy: `Start it again: vaelab evaluate ${run}`,
    });
  } finally {
    rmSync(temporary, { recursive: true, force: true });
    lock.release();
  }
};

/** A bare name, or a component as it is. */
const componentText = (metric: string): string => (/^\s*[{"]/.test(metric) ? metric : JSON.stringify(metric));
