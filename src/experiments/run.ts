/**
 * One run in its folder, started or gone on with:
 *
 *     lock ─ checkpoint ─ data ─ assemble ─ train ─ evaluate ─ report ─ finished
 *
 * It goes on from whatever the folder holds: nothing, a checkpoint, trained weights not yet scored, or everything.
 */
import { existsSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { VaelabError } from "../core/errors.js";
import type { ResolvedSpec } from "../core/experiment-schema.js";
import type { HostTensors } from "../core/program.js";
import { checkpointSteps, cleanRunFolder, readCheckpoint } from "../core/run-folder/checkpoint.js";
import { canonicalJson } from "../core/run-folder/json.js";
import { makeFolder, sha256Bytes, writeFileAtomically } from "../core/run-folder/files.js";
import { RUN_FILES, type RunTradeoff, type Status } from "../core/run-folder/layout.js";
import { acquireLock } from "../core/run-folder/lock.js";
import { MetricsLog } from "../core/run-folder/metrics-log.js";
import { readStatus, writeStatus } from "../core/run-folder/status.js";
import { capturedRunner } from "../engine/capture/runner.js";
import type { Engine } from "../engine/load.js";
import { createBuilder } from "../registry/build.js";
import type { Catalogue } from "../registry/catalogue.js";
import { writeReport } from "../report/index.js";
import { assemble } from "./assemble.js";
import { loadDataset } from "./checked-dataset.js";
import { evaluate } from "./evaluate.js";
import { provenanceOf } from "./provenance.js";
import type { Reporter } from "./reporter.js";
import { logged } from "./run-log.js";
import { train } from "./trainer.js";
import { freshState, parseState, type TrainingState } from "./training-state.js";
import { version } from "../engine/package-version.js";

export interface RunRequest {
  /** Without a sweep. */
  spec: ResolvedSpec;
  /** What was written, before defaults. */
  written: unknown;
  catalogue: Catalogue;
  /** Paths in the spec resolve from here. */
  specFolder: string;
  /** Made if it is not there. */
  folder: string;
  engine: Engine;
  reporter: Reporter;
  signal?: AbortSignal;
}

/** What a checkpoint goes on under: everything but the length of the run. */
export const specHashOf = (spec: ResolvedSpec): string => {
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

const asJson = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

interface Resumed {
  state: TrainingState;
  tensors?: HostTensors;
}
const resumeFrom = (folder: string, spec: ResolvedSpec, warn: (message: string) => void): Resumed => {
  const specHash = specHashOf(spec);
  cleanRunFolder(folder);
  if (checkpointSteps(folder).length === 0) return { state: freshState(specHash) };
  const { model, optimizer, state: saved } = readCheckpoint(folder, "latest", warn);
  const state = parseState(saved, folder);
  if (state.specHash !== specHash) {
    throw new VaelabError("RUN_FOLDER", {
      message: "the checkpoint was made by another spec than resolved.json",
      where: folder,
      remedy: "Only training.epochs and training.earlyStopping may change. Put resolved.json back, or start a new run.",
    });
  }
  return { state, tensors: { ...model, ...optimizer } };
};

const isAbort = (error: unknown): boolean => error instanceof Error && error.name === "AbortError";

/** @throws whatever ended it; status.json says the same. */
export const performRun = async (request: RunRequest): Promise<void> => {
  const { folder } = request;
  makeFolder(folder);
  const lock = acquireLock(folder);
  try {
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
    try {
      await trainAndEvaluate({ ...request, reporter }, update);
      update({ state: "finished", exit: 0 });
    } catch (error) {
      const interrupted = isAbort(error) || (error instanceof VaelabError && error.code === "INTERRUPTED");
      const reason = error instanceof Error ? error.message : String(error);
      reporter.event({ type: "warning", message: reason });
      update({ state: interrupted ? "interrupted" : "failed", exit: interrupted ? 75 : 1, reason });
      if (!isAbort(error)) throw error;
      throw new VaelabError("INTERRUPTED", {
        message: "interrupted while it was evaluated; the trained weights are kept",
        remedy: `Go on with: vaelab resume ${folder}`,
      });
    }
  } finally {
    lock.release();
  }
};

const trainAndEvaluate = async (
  request: RunRequest,
  update: (change: Partial<Status>) => void,
): Promise<RunTradeoff> => {
  const { spec, written, catalogue, specFolder, folder, engine, reporter, signal } = request;
  const warn = (message: string): void => reporter.event({ type: "warning", message });
  const { state: from, tensors } = resumeFrom(folder, spec, warn);
  if (!existsSync(join(folder, RUN_FILES.spec))) writeFileAtomically(join(folder, RUN_FILES.spec), asJson(written));
  writeFileAtomically(join(folder, RUN_FILES.resolved), asJson(spec));

  reporter.event({ type: "phase", name: "loading data" });
  const builder = await createBuilder(catalogue);
  const dataset = await loadDataset(spec, builder, specFolder);
  const assembled = await assemble(spec, dataset, builder);
  const provenance = await provenanceOf(specFolder, { dataset, engine, version: version(), capture: spec.capture });
  writeFileAtomically(join(folder, RUN_FILES.provenance), asJson({ ...provenance, specFolder }));
  update({ totalSteps: assembled.totalSteps, step: from.step });

  const runner = capturedRunner(engine, { mode: spec.capture, warn });
  const log = new MetricsLog(join(folder, RUN_FILES.metrics), from.metricsOffset);
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
  const scored = readCheckpoint(folder, wanted === "best" ? "best" : "latest", warn);
  const { model, store } = assembled;
  const tradeoff = await evaluate({
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
  return tradeoff;
};
