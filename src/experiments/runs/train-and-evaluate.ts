/** The work of a run under its lock: train from the state of the folder, evaluate, write the report. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { DataPlace, Dataset } from "../../contracts/dataset.js";
import type { ProgramRunner } from "../../contracts/program.js";
import { capturedRunner } from "../../engine/capture/runner.js";
import type { Engine } from "../../engine/engine.js";
import type { VaelabError } from "../../errors.js";
import type { Builder } from "../../registry/components/build.js";
import type { Plugin } from "../../registry/plugins/load.js";
import type { ResolvedSpec } from "../../spec/experiment-schema.js";
import { checkpointFolder, finishPruning } from "../../storage/checkpoint.js";
import { savePlace } from "../../storage/data-place.js";
import { readVersioned, writeVersioned } from "../../storage/format.js";
import { HistoryLog } from "../../storage/history.js";
import { isObject } from "../../storage/json.js";
import { RUN_FILES, type RunMetrics, type Status } from "../../storage/layout.js";
import { evaluate } from "../evaluation/evaluate.js";
import { notFiniteError } from "../evaluation/not-finite.js";
import type { Services } from "../services/services.js";
import { type RunTracker, trackEpochs, trackEvaluation } from "../services/tracker.js";
import { type Assembled, assemble } from "../training/assemble.js";
import { assertParameters } from "../training/checked-tensors.js";
import { assertGoesOn, earlyStopOf } from "../training/early-stopping.js";
import { writeKeptData } from "../training/kept-data.js";
import { depthNotice } from "../training/model-depth.js";
import { train } from "../training/trainer.js";
import { isPlanned } from "../training/training-state.js";
import { writeFinishedReport } from "./finished-report.js";
import { compareProvenance, computedWith, provenanceOf, withPatchOf } from "./provenance.js";
import { readScored } from "./scored-checkpoint.js";
import { assertNotShortened, assertSameCourse, type Resumed, resumeFrom } from "./start-or-resume.js";

export interface WorkRequest {
  spec: ResolvedSpec;
  specFolder: string;
  place: DataPlace;
  diff: boolean;
  plugins: readonly Plugin[];
  folder: string;
  engine: Engine;
  builder: Builder;
  dataset: Dataset;
  services: Pick<Services, "reporter" | "cache">;
  tracker: RunTracker;
  signal: AbortSignal | undefined;
  /** Tells status.json. */
  update(change: Partial<Status>): void;
}
interface Prepared {
  resumed: Resumed;
  assembled: Assembled;
  runner: ProgramRunner;
  warn(message: string): void;
}

/** @returns an error where figures are not finite: the run is finished all the same */
export const trainAndEvaluate = async (request: WorkRequest): Promise<VaelabError | undefined> => {
  const { spec, folder, tracker } = request;
  const prepared = await prepare(request);
  tracker.tell({ type: "started", name: spec.name, spec, step: prepared.resumed.state.step });
  await trainModel(request, prepared);
  const scored = await evaluateModel(request, prepared);
  const { checkpoint } = scored;
  trackEvaluation(tracker, scored);
  const { metrics, history, perExample, samples, report } = RUN_FILES;
  for (const name of [metrics, history, perExample, samples, report]) {
    const path = join(folder, name);
    if (existsSync(path)) tracker.tell({ type: "artifact", path });
  }
  tracker.tell({ type: "artifact", path: checkpointFolder(folder, checkpoint.step) });
  return notFiniteError(scored, { folder, kind: "run" });
};

/** Refuses everything that can be refused before the first training step. */
const prepare = async (request: WorkRequest): Promise<Prepared> => {
  const { spec, builder, dataset, specFolder, place, folder, engine, services, signal, update } = request;
  const warn = (message: string): void => services.reporter.event({ type: "warning", message });
  const resumed = resumeFrom(folder, spec, warn);
  const restored = resumed.tensors !== undefined;
  const { reporter } = services;
  const assembled = await assemble(spec, dataset, builder, {
    restored,
    trains: true,
    reporter,
    ...(signal && { signal }),
  });
  const depth = depthNotice(assembled.store);
  if (depth) reporter.event({ type: "phase", name: depth });
  assertNotShortened(resumed.state, assembled, folder);
  const { training } = readVersioned(join(folder, RUN_FILES.resolved)) as ResolvedSpec;
  const { epochs } = training;
  assertGoesOn(resumed.state, training, spec.training, assembled, folder);
  if (epochs !== spec.training.epochs) {
    const shorter = { ...spec, training: { ...spec.training, epochs } };
    assertSameCourse(resumed.state, await assemble(shorter, dataset, builder, { restored: true }), assembled, folder);
  }
  const before = readVersioned(join(folder, RUN_FILES.provenance));
  const computed = computedWith({ plugins: request.plugins, dataset, engine, capture: spec.capture });
  const provenance = withPatchOf(before, await provenanceOf(specFolder, computed, request.diff));
  if (resumed.tensors && isObject(before)) compareProvenance(before, provenance, { folder, place }, warn);
  if (restored) finishPruning(folder, resumed.state.step, isPlanned);
  writeKeptData(folder, dataset, assembled);
  writeVersioned(join(folder, RUN_FILES.provenance), { ...provenance, ...savePlace(folder, specFolder, place) });
  writeVersioned(join(folder, RUN_FILES.resolved), spec);
  update({ totalSteps: assembled.totalSteps, step: resumed.state.step });
  return { resumed, assembled, warn, runner: capturedRunner(engine, { mode: spec.capture, warn }) };
};

const trainModel = async (request: WorkRequest, { resumed, assembled, runner }: Prepared): Promise<void> => {
  const { spec, dataset, folder, services, tracker, signal, update } = request;
  const { state, tensors } = resumed;
  const log = new HistoryLog(join(folder, RUN_FILES.history), state.historyOffset);
  try {
    services.reporter.event({ type: "phase", name: "training" });
    const trained = await train({
      spec,
      dataset,
      assembled,
      runner,
      folder,
      state,
      ...(tensors && { tensors }),
      log,
      reporter: trackEpochs(services.reporter, tracker),
      ...(signal && { signal }),
      checkpointed: (step) => update({ step }),
    });
    const stoppedEarly = earlyStopOf(trained, spec.training, assembled);
    if (!stoppedEarly) return;
    services.reporter.event({ type: "stopped-early", ...stoppedEarly });
    update({ stoppedEarly });
  } finally {
    log.close();
  }
};

const evaluateModel = async (request: WorkRequest, { assembled, runner, warn }: Prepared): Promise<RunMetrics> => {
  const { spec, builder, dataset, folder, services, signal } = request;
  const { reporter, cache } = services;
  const which = spec.evaluation.checkpoint;
  const scored = readScored(folder, which, warn);
  const { model, store, objective } = assembled;
  const matchesPrior = objective.matchesPrior ?? false;
  assertParameters(scored.model, store.parameters, checkpointFolder(folder, scored.step));
  const metrics = await evaluate({
    spec,
    builder,
    folder,
    reporter,
    cache,
    trained: { model, store, dataset, seed: spec.seed, parameters: scored.model, runner, matchesPrior },
    checkpoint: { step: scored.step, which },
    content: scored.sha256,
    ...(signal && { signal }),
  });
  reporter.event({ type: "phase", name: "writing the report" });
  await writeFinishedReport(folder, warn);
  return metrics;
};
