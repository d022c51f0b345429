/** Loads the model of a finished run with its evaluated weights. */

import type { DataPlace } from "../../contracts/dataset.js";
import { capturedRunner } from "../../engine/capture/runner.js";
import type { Engine, EngineChoice } from "../../engine/engine.js";
import { type Builder, createBuilder } from "../../registry/components/build.js";
import type { Plugin } from "../../registry/plugins/load.js";
import type { ResolvedSpec } from "../../spec/experiment-schema.js";
import { type Checkpoint, checkpointFolder } from "../../storage/checkpoint.js";
import type { Trained } from "../evaluation/evaluation-program.js";
import { startEngine } from "../launch/start-engine.js";
import { scoped } from "../services/scoped-experiment.js";
import type { Scope } from "../services/services.js";
import { assemble } from "../training/assemble.js";
import { loadDataset, type RunEncoder } from "../training/checked-dataset.js";
import { assertParameters } from "../training/checked-tensors.js";
import { type RunDataset, readKeptData } from "../training/kept-data.js";
import { parseState } from "../training/training-state.js";
import { encodedRun } from "./encoded-run.js";
import { knownRun } from "./folders.js";
import { assertSameData, keptPreparation } from "./provenance.js";
import type { Reporter } from "./reporter.js";
import { openSavedRun } from "./saved-spec.js";
import { readScored } from "./scored-checkpoint.js";
import { assertMadeBy } from "./start-or-resume.js";

export interface LoadRunOptions {
  run: string;
  engine?: EngineChoice;
  threads?: number;
  /** Current folder of the data, if they have moved since training. */
  dataFolder?: string;
  reporter?: Reporter;
  /** Changes to the spec, as PATH=VALUE; the caller sees to it that they leave the model alone. */
  set?: string[];
  add?: string[];
  /** Plugins of the run, or unchanged copies of them: named here, they are trusted. */
  plugins?: readonly string[];
  /** Make the components of the other plugins available too. */
  extend?: boolean;
  /** False: build the model from what the run kept of its data set, which then holds no examples. */
  examples?: boolean;
}
export interface LoadedRun {
  folder: string;
  /** With the components and services of the run's plugins. */
  scope: Scope;
  plugins: readonly Plugin[];
  spec: ResolvedSpec;
  builder: Builder;
  engine: Engine;
  checkpoint: Checkpoint;
  trained: Trained;
}

/** @throws NOT_FOUND, RUN_FOLDER for a sweep and for a run whose data are no longer those that it was trained on, CHECKPOINT */
export const loadRun = async (
  {
    run,
    engine: choice,
    threads,
    dataFolder,
    set,
    add,
    plugins = [],
    extend = false,
    examples = true,
  }: Omit<LoadRunOptions, "reporter">,
  outer: Scope,
): Promise<LoadedRun> => {
  const folder = knownRun(run);
  const kept = examples ? undefined : readKeptData(folder);
  const { place, provenance, load } = openSavedRun(folder, outer, { plugins, extend, dataFolder, description: kept });
  const experiment = await load();
  const changed = set || add ? await load({ ...(set && { set }), ...(add && { add }) }) : experiment;
  const { spec } = changed;
  const { scope } = scoped(changed, outer);
  const warn = (message: string): void => scope.reporter.event({ type: "warning", message });
  const checkpoint = readScored(folder, spec.evaluation.checkpoint, warn);
  assertMadeBy(experiment.spec, parseState(checkpoint.state, folder), folder);
  const engine = await startEngine(
    { ...(choice && { engine: choice }), ...(threads !== undefined && { threads }) },
    scope,
  );
  const builder = createBuilder(scope.catalogue);
  const readAgain = async (): Promise<RunDataset> => {
    const preparation = keptPreparation(folder);
    const encoder = runEncoder(engine, outer, place);
    const found = await loadDataset(spec, builder, place, { encoder, preparation, warn });
    assertSameData(provenance, found.sha256, { folder: run, place });
    return found;
  };
  const dataset = kept ?? (await readAgain());
  const { model, store, objective } = await assemble(spec, dataset, builder, { restored: true });
  assertParameters(checkpoint.model, store.parameters, checkpointFolder(folder, checkpoint.step));
  const runner = capturedRunner(engine, { mode: spec.capture, warn });
  const matchesPrior = objective.matchesPrior ?? false;
  const trained: Trained = {
    model,
    store,
    dataset,
    seed: spec.seed,
    parameters: checkpoint.model,
    runner,
    matchesPrior,
  };
  return { folder, plugins: experiment.plugins, scope, spec, builder, engine, checkpoint, trained };
};

/** Encodes the data set of a finished run with its own model, on this engine. @param place of the data that are its codes */
export const runEncoder = (engine: Engine, scope: Scope, place?: DataPlace): RunEncoder => ({
  engine: engine.name,
  encode: async (run, request) => {
    const moved = place?.moved?.byName ? { dataFolder: place.folder } : {};
    return encodedRun((await loadRun({ run, engine: engine.name, ...moved }, scope)).trained, request);
  },
});
