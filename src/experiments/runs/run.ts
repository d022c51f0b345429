/**
 * One run in its folder, started or gone on with:
 *
 *     data ─ lock ─ checkpoint ─ assemble ─ train ─ evaluate ─ report ─ finished
 *
 * It goes on from whatever the folder holds: nothing, a checkpoint, trained weights not yet scored, or everything.
 */
import { existsSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import type { Dataset } from "../../contracts/dataset.js";
import { capturedRunner } from "../../engine/capture/runner.js";
import type { Engine } from "../../engine/engine.js";
import { EXIT, VaelabError } from "../../errors.js";
import { type Builder, createBuilder } from "../../registry/components/build.js";
import type { Catalogue } from "../../registry/components/catalogue.js";
import { writeReport } from "../../report/index.js";
import type { ResolvedSpec } from "../../spec/experiment-schema.js";
import { checkpointSteps, cleanRunFolder } from "../../storage/checkpoint.js";
import { makeFolder, writeFileAtomically } from "../../storage/files.js";
import { HistoryLog } from "../../storage/history.js";
import { isObject, readJson } from "../../storage/json.js";
import { RUN_FILES, type RunMetrics, type Status } from "../../storage/layout.js";
import { acquireLock } from "../../storage/lock.js";
import { readStatus, writeStatus } from "../../storage/status.js";
import { evaluate } from "../evaluation/evaluate.js";
import { assemble } from "../training/assemble.js";
import { loadDataset } from "../training/checked-dataset.js";
import { train } from "../training/trainer.js";
import { runEncoder } from "./load-run.js";
import { compareProvenance, computedWith, keptPreparation, provenanceOf, withPatchOf } from "./provenance.js";
import type { Reporter } from "./reporter.js";
import { appendToLog, logged } from "./run-log.js";
import { readScored } from "./scored-checkpoint.js";
import {
  asJson,
  assertNotShortened,
  assertSameCourse,
  begin,
  removeEmpty,
  resumeFrom,
  withdraw,
} from "./start-or-resume.js";

export interface RunRequest {
  /** Without a sweep. */
  spec: ResolvedSpec;
  /** What was written, before defaults. */
  written: unknown;
  catalogue: Catalogue;
  /** Paths in the spec resolve from here. */
  specFolder: string;
  /** Keep what is changed against the commit there in provenance.json. */
  diff?: boolean;
  /** Made if it is not there. */
  folder: string;
  /** Leave no folder behind where what is asked for turns out wrong before it trains; a sweep's trial keeps its own. */
  withdrawRefused?: boolean;
  engine: Engine;
  reporter: Reporter;
  signal?: AbortSignal;
}

/** Goes on once there is room, so it is no refusal. */
const isNotWritable = (error: unknown): boolean => error instanceof VaelabError && error.code === "NOT_WRITABLE";
/** Stopped by the signal, whatever reason it was given, rather than by itself. */
const isAbort = (error: unknown, signal: AbortSignal | undefined): boolean =>
  signal?.aborted === true && error === signal.reason;

/** @throws whatever ended it; status.json says the same. */
export const performRun = async (request: RunRequest): Promise<void> => {
  const { spec, catalogue, specFolder, folder, engine, signal } = request;
  request.reporter.event({ type: "phase", name: "loading data" });
  // Before the folder is made: data that are damaged leave nothing behind.
  const builder = await createBuilder(catalogue);
  const dataset = await loadDataset(spec, builder, specFolder, {
    encoder: runEncoder(engine),
    preparation: keptPreparation(folder),
  });
  const isNewFolder = !existsSync(folder);
  makeFolder(folder);
  const lock = acquireLock(folder);
  let withdrawn = false;
  try {
    cleanRunFolder(folder);
    const isNewRun = begin(folder, request);
    const reporter = logged(request.reporter, join(folder, RUN_FILES.log));
    const before = existsSync(join(folder, RUN_FILES.status)) ? readStatus(folder) : undefined;
    const started = new Date().toISOString();
    let status: Status = {
      state: "running",
      attempt: (before?.attempt ?? 0) + 1,
      pid: process.pid,
      host: hostname(),
      startedAt: before?.startedAt ?? started,
      updatedAt: started,
      step: before?.step ?? 0,
      totalSteps: before?.totalSteps ?? 0,
    };
    const update = (change: Partial<Status>): void => {
      status = { ...status, ...change, updatedAt: new Date().toISOString() };
      writeStatus(folder, status);
    };
    update({});
    if (status.step > 0 && checkpointSteps(folder).length === 0)
      reporter.event({ type: "warning", message: "no checkpoint is left: the run begins again" });
    try {
      await trainAndEvaluate({ ...request, reporter, builder, dataset }, update);
      update({ state: "finished", exit: 0 });
    } catch (error) {
      const aborted = isAbort(error, signal);
      const exit = aborted ? EXIT.interrupted : error instanceof VaelabError ? error.exitCode : EXIT.failed;
      const reason = error instanceof Error ? error.message : String(error);
      const isRefused = exit === EXIT.input && !isNotWritable(error) && !existsSync(join(folder, RUN_FILES.history));
      if (request.withdrawRefused && isNewRun && isRefused) {
        withdraw(folder);
        withdrawn = true;
        throw error;
      }
      // What does not belong to the folder did nothing to it.
      if (before && error instanceof VaelabError && error.code === "RUN_FOLDER") writeStatus(folder, before);
      else update({ state: exit === EXIT.interrupted ? "interrupted" : "failed", exit, reason });
      appendToLog(join(folder, RUN_FILES.log), reason);
      if (!aborted) throw error;
      throw new VaelabError("INTERRUPTED", {
        message: "interrupted while it was evaluated; the trained weights are kept",
        remedy: `Go on with: vaelab resume ${folder}`,
      });
    }
  } finally {
    lock.release();
    if (withdrawn && isNewFolder) removeEmpty(folder);
  }
};

const trainAndEvaluate = async (
  request: RunRequest & { builder: Builder; dataset: Dataset },
  update: (change: Partial<Status>) => void,
): Promise<RunMetrics> => {
  const { spec, builder, dataset, specFolder, folder, engine, reporter, signal } = request;
  const warn = (message: string): void => reporter.event({ type: "warning", message });
  const { state: from, tensors } = resumeFrom(folder, spec, warn);
  const assembled = await assemble(spec, dataset, builder);
  assertNotShortened(from, assembled, folder);
  const { epochs } = (readJson(join(folder, RUN_FILES.resolved)) as ResolvedSpec).training;
  if (epochs !== spec.training.epochs) {
    const shorter = { ...spec, training: { ...spec.training, epochs } };
    assertSameCourse(from, await assemble(shorter, dataset, builder), assembled, folder);
  }
  const before = readJson(join(folder, RUN_FILES.provenance));
  const computed = computedWith({ dataset, engine, capture: spec.capture });
  const provenance = withPatchOf(before, await provenanceOf(specFolder, computed, request.diff ?? false));
  if (tensors && isObject(before)) compareProvenance(before, provenance, folder, warn);
  writeFileAtomically(join(folder, RUN_FILES.provenance), asJson({ ...provenance, specFolder }));
  writeFileAtomically(join(folder, RUN_FILES.resolved), asJson(spec));
  update({ totalSteps: assembled.totalSteps, step: from.step });

  const runner = capturedRunner(engine, { mode: spec.capture, warn });
  const log = new HistoryLog(join(folder, RUN_FILES.history), from.historyOffset);
  try {
    reporter.event({ type: "phase", name: "training" });
    await train({
      spec,
      dataset,
      assembled,
      runner,
      folder,
      state: from,
      ...(tensors && { tensors }),
      log,
      reporter,
      ...(signal && { signal }),
      checkpointed: (step) => update({ step }),
    });
  } finally {
    log.close();
  }

  const wanted = spec.evaluation.checkpoint;
  const scored = readScored(folder, wanted, warn);
  const { model, store } = assembled;
  const metrics = await evaluate({
    spec,
    builder,
    folder,
    reporter,
    trained: { model, store, dataset, seed: spec.seed, parameters: scored.model, runner },
    checkpoint: { step: scored.step, which: wanted },
    ...(signal && { signal }),
  });
  reporter.event({ type: "phase", name: "writing the report" });
  await writeReport(folder);
  return metrics;
};
