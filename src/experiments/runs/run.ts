/**
 * One run in its folder, started or resumed:
 *
 *     data ─ lock ─ checkpoint ─ assemble ─ train ─ evaluate ─ report ─ finished
 *
 * It continues from the state of the folder: empty, a checkpoint, trained but not evaluated, or finished.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Engine } from "../../engine/engine.js";
import { EXIT, reasonOf, VaelabError } from "../../errors.js";
import { createBuilder } from "../../registry/components/build.js";
import type { ResolvedSpec } from "../../spec/experiment-schema.js";
import { checkpointSteps, cleanRunFolder } from "../../storage/checkpoint.js";
import { savePlace } from "../../storage/data-place.js";
import { makeFolder } from "../../storage/files.js";
import { assertNotOutdated } from "../../storage/format.js";
import { RUN_FILES } from "../../storage/layout.js";
import { acquireLock } from "../../storage/lock.js";
import type { ScopedExperiment, Services } from "../services/services.js";
import { trackRun } from "../services/tracker.js";
import { loadDataset } from "../training/checked-dataset.js";
import { runEncoder } from "./load-run.js";
import { keptPreparation } from "./provenance.js";
import { appendToLog, logged } from "./run-log.js";
import { beginStatus } from "./run-status.js";
import { begin, removeEmpty, withdraw } from "./start-or-resume.js";
import { trainAndEvaluate, type WorkRequest } from "./train-and-evaluate.js";

export interface RunRequest {
  /** Paths in the spec resolve from its folder. */
  experiment: Pick<ScopedExperiment, "folder" | "place" | "plugins" | "scope" | "outer">;
  /** Without a sweep. */
  spec: ResolvedSpec;
  /** What was written, before defaults. */
  written: unknown;
  /** Keep what is changed against the commit of its folder in provenance.json. */
  diff: boolean;
  /** Made if it is not there. */
  folder: string;
  /** Leave no folder behind where what is asked for turns out wrong before it trains; a sweep's trial keeps its own. */
  withdrawRefused?: boolean;
  engine: Engine;
  signal?: AbortSignal;
}

/** Goes on once there is room, so it is no refusal. */
const isNotWritable = (error: unknown): boolean => error instanceof VaelabError && error.code === "NOT_WRITABLE";
/** For this machine, as the sum before training tells, or as running out of memory does. */
const isTooLarge = (error: unknown): boolean => error instanceof VaelabError && error.code === "MEMORY";
/** Stopped by the signal, whatever reason it was given, rather than by itself. */
const isAbort = (error: unknown, signal: AbortSignal | undefined): boolean =>
  signal?.aborted === true && error === signal.reason;

/** @throws the error that ended it, which status.json also records. */
export const performRun = async (request: RunRequest): Promise<void> => {
  const { experiment, spec, written, diff, folder, engine, signal } = request;
  const { scope, outer, place, plugins, folder: specFolder } = experiment;
  assertNotOutdated(folder);
  scope.reporter.event({ type: "phase", name: "loading data" });
  // Before the folder is created, so that damaged data leave nothing behind.
  const builder = createBuilder(scope.catalogue);
  const dataset = await loadDataset(spec, builder, place, {
    encoder: runEncoder(engine, outer, place),
    preparation: keptPreparation(folder),
    warn: (message) => scope.reporter.event({ type: "warning", message }),
  });
  const isNewFolder = !existsSync(folder);
  makeFolder(folder);
  const lock = acquireLock(folder);
  try {
    cleanRunFolder(folder);
    const isNewRun = begin(folder, { spec, written, saved: savePlace(folder, specFolder, place), plugins });
    const services = scope.child({ reporter: logged(scope.reporter, join(folder, RUN_FILES.log), scope.clock) });
    const canWithdraw = request.withdrawRefused === true && isNewRun;
    await attempt({
      spec,
      specFolder,
      place,
      diff,
      plugins,
      folder,
      engine,
      builder,
      dataset,
      services,
      canWithdraw,
      signal,
    });
  } finally {
    lock.release();
    if (isNewFolder && !existsSync(join(folder, RUN_FILES.resolved))) removeEmpty(folder);
  }
};

interface Attempt extends Omit<WorkRequest, "tracker" | "update" | "services"> {
  services: Services;
  canWithdraw: boolean;
}

/** The work, with its status and its tracker told how it goes and how it ends. */
const attempt = async ({ canWithdraw, ...work }: Attempt): Promise<void> => {
  const { folder, services, signal } = work;
  const { reporter, clock } = services;
  const warn = (message: string): void => reporter.event({ type: "warning", message });
  const status = beginStatus(folder, clock);
  const tracker = trackRun(services.tracker, folder, warn);
  if (status.now.step > 0 && checkpointSteps(folder).length === 0) warn("no checkpoint is left: the run begins again");
  let notFinite: VaelabError | undefined;
  try {
    notFinite = await trainAndEvaluate({ ...work, tracker, update: status.update });
    const reason = notFinite && { reason: notFinite.message };
    status.update({ state: "finished", exit: notFinite?.exitCode ?? EXIT.done, ...reason });
    tracker.tell({ type: "finished", state: "finished", ...reason });
    if (notFinite) appendToLog(join(folder, RUN_FILES.log), notFinite.message, clock);
  } catch (error) {
    const aborted = isAbort(error, signal);
    const exit = aborted ? EXIT.interrupted : error instanceof VaelabError ? error.exitCode : EXIT.failed;
    const state = exit === EXIT.interrupted ? "interrupted" : "failed";
    const reason = reasonOf(error);
    tracker.tell({ type: "finished", state, reason });
    const isRefused =
      (exit === EXIT.input || isTooLarge(error)) &&
      !isNotWritable(error) &&
      !existsSync(join(folder, RUN_FILES.history));
    if (canWithdraw && isRefused) {
      withdraw(folder);
      throw error;
    }
    // What does not belong to the folder did nothing to it.
    if (status.before && error instanceof VaelabError && error.code === "RUN_FOLDER") status.restore();
    else status.update({ state, exit, reason });
    appendToLog(join(folder, RUN_FILES.log), reason, clock);
    if (!aborted) throw error;
    throw new VaelabError("INTERRUPTED", {
      message: "interrupted during evaluation; the trained weights are kept",
      remedy: `Continue with: vaelab resume ${folder}`,
    });
  } finally {
    await tracker.settled();
  }
  if (notFinite) throw notFinite;
};
