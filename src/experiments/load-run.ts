/** A finished run's model at work again, at the weights that its evaluation scored. */
import { VaelabError } from "../core/errors.js";
import type { ResolvedSpec } from "../core/experiment-schema.js";
import type { Checkpoint } from "../core/run-folder/checkpoint.js";
import { capturedRunner } from "../engine/capture/runner.js";
import { type Engine, type EngineChoice, loadEngine } from "../engine/load.js";
import { type Builder, createBuilder } from "../registry/build.js";
import { assemble } from "./assemble.js";
import { assertMadeBy } from "./beginning.js";
import { loadDataset } from "./checked-dataset.js";
import type { Trained } from "./evaluation-program.js";
import { knownFolder } from "./folders.js";
import { assertSameData, keptPreparation } from "./provenance.js";
import { type Reporter, silent } from "./reporter.js";
import { readSavedRun } from "./saved-run.js";
import { readScored } from "./scored-checkpoint.js";
import { parseState } from "./training-state.js";

export interface LoadRunOptions {
  run: string;
  engine?: EngineChoice;
  threads?: number;
  reporter?: Reporter;
  /** Changes to the spec, as PATH=VALUE; the caller sees to it that they leave the model alone. */
  set?: string[];
  add?: string[];
}
export interface LoadedRun {
  folder: string;
  spec: ResolvedSpec;
  specFolder: string;
  builder: Builder;
  engine: Engine;
  checkpoint: Checkpoint;
  trained: Trained;
}

/** @throws NOT_FOUND, RUN_FOLDER for a sweep and for a run whose data are no longer those that it was trained on, CHECKPOINT */
export const loadRun = async ({
  run,
  engine: choice = "auto",
  threads,
  reporter = silent,
  ...changes
}: LoadRunOptions): Promise<LoadedRun> => {
  const { folder, kind } = knownFolder(run);
  if (kind !== "run")
    throw new VaelabError("RUN_FOLDER", {
      message: "this is a sweep",
      where: run,
      remedy: "Name one of its trials: trials/ID/attempt-N.",
    });
  const { experiment, specFolder, provenance } = await readSavedRun(folder);
  const { spec, catalogue } = (await readSavedRun(folder, changes)).experiment;
  const warn = (message: string): void => reporter.event({ type: "warning", message });
  const checkpoint = readScored(folder, spec.evaluation.checkpoint, warn);
  assertMadeBy(experiment.spec, parseState(checkpoint.state, folder), folder);
  const engine = await loadEngine(choice, threads === undefined ? {} : { threads });
  if (engine.why) warn(engine.why);
  const builder = await createBuilder(catalogue);
  const dataset = await loadDataset(spec, builder, specFolder, { engine, preparation: keptPreparation(folder) });
  assertSameData(provenance, dataset.sha256, run);
  const { model, store } = await assemble(spec, dataset, builder);
  const runner = capturedRunner(engine, { mode: spec.capture, warn });
  const trained: Trained = { model, store, dataset, seed: spec.seed, parameters: checkpoint.model, runner };
  return { folder, spec, specFolder, builder, engine, checkpoint, trained };
};
