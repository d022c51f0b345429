/** A finished run's model at work again: samples and reconstructions, as a picture or as arrays. */
import { join, resolve } from "node:path";
import type { SplitName } from "../core/contracts/data.js";
import { VaelabError } from "../core/errors.js";
import { readCheckpoint } from "../core/run-folder/checkpoint.js";
import { makeFolder, writeFileAtomically } from "../core/run-folder/files.js";
import { readJson } from "../core/run-folder/json.js";
import { RUN_FILES } from "../core/run-folder/layout.js";
import { encodeNpz } from "../core/run-folder/npz.js";
import { capturedRunner } from "../engine/capture/runner.js";
import { type EngineChoice, loadEngine } from "../engine/load.js";
import { createBuilder } from "../registry/build.js";
import { loadExperimentValue } from "../registry/experiment.js";
import { assemble } from "./assemble.js";
import { loadDataset } from "./checked-dataset.js";
import type { Trained } from "./evaluation-program.js";
import { knownFolder } from "./folders.js";
import { decodeCodes, encodeRows, samplePrior } from "./generation.js";
import { gridPng } from "./image-grid.js";
import { loadOptions } from "./load-options.js";
import { type Reporter, silent } from "./reporter.js";

export interface FromRunOptions {
  run: string;
  count: number;
  /** A .png or .npz file; by default one in the run's samples/ folder. */
  out?: string;
  engine?: EngineChoice;
  reporter?: Reporter;
}

/** The model of a run at the weights that its evaluation scored. */
export const loadTrained = async (
  run: string,
  engine: EngineChoice = "auto",
  reporter: Reporter = silent,
): Promise<{ trained: Trained; folder: string }> => {
  const { folder, kind } = knownFolder(run);
  if (kind !== "run")
    throw new VaelabError("RUN_FOLDER", {
      message: "this is a sweep",
      where: run,
      remedy: "Name one of its trials: trials/ID/attempt-N.",
    });
  const { specFolder } = readJson(join(folder, RUN_FILES.provenance)) as { specFolder: string };
  const experiment = await loadExperimentValue(readJson(join(folder, RUN_FILES.resolved)), {
    ...loadOptions(),
    folder: specFolder,
  });
  const { spec, catalogue } = experiment;
  const warn = (message: string): void => reporter.event({ type: "warning", message });
  const checkpoint = readCheckpoint(folder, spec.evaluation.checkpoint === "best" ? "best" : "latest", warn);
  const loaded = await loadEngine(engine);
  if (loaded.why) warn(loaded.why);
  const builder = await createBuilder(catalogue);
  const dataset = await loadDataset(spec, builder, specFolder);
  const { model, store } = await assemble(spec, dataset, builder);
  const runner = capturedRunner(loaded, { mode: spec.capture, warn });
  return { folder, trained: { model, store, dataset, seed: spec.seed, parameters: checkpoint.model, runner } };
};

/** One row an array: PNG for images unless the name ends in .npz, which anything can be written to. */
const write = (trained: Trained, path: string, data: Float32Array, count: number, columns: number): string => {
  const { shape, kind } = trained.dataset.fields[trained.dataset.modelled]!;
  const [height, width, channels] = shape;
  const picture = kind === "image" && height && width && channels && !path.endsWith(".npz");
  const file = picture || path.endsWith(".npz") ? path : `${path.replace(/\.png$/, "")}.npz`;
  makeFolder(resolve(file, ".."));
  const bytes = picture
    ? gridPng({ data, height, width, channels }, columns)
    : encodeNpz({ [trained.dataset.modelled]: { shape: [count, ...shape], data } });
  writeFileAtomically(file, bytes);
  return file;
};

export const sampleRun = async ({
  run,
  count,
  seed,
  means = false,
  out,
  engine,
  reporter,
}: FromRunOptions & { seed?: number; means?: boolean }): Promise<{ files: string[] }> => {
  const { trained, folder } = await loadTrained(run, engine, reporter);
  const samples = await samplePrior(trained, count, seed ?? trained.seed);
  const name = `sample-${seed ?? trained.seed}-${count}${means ? "-means" : ""}.png`;
  const path = out ? resolve(out) : join(folder, RUN_FILES.samples, name);
  return { files: [write(trained, path, means ? samples.means : samples.draws, count, Math.ceil(Math.sqrt(count)))] };
};

export const reconstructRun = async ({
  run,
  count,
  split = "test",
  out,
  engine,
  reporter,
}: FromRunOptions & { split?: SplitName }): Promise<{ files: string[] }> => {
  const { trained, folder } = await loadTrained(run, engine, reporter);
  const size = trained.dataset.sizes[split];
  if (count > size)
    throw new VaelabError("USAGE", {
      message: `the ${split} split has ${size} examples, not ${count}`,
      remedy: "Ask for fewer.",
    });
  const { codes } = await encodeRows(trained, split, count);
  const decoded = await decodeCodes(trained, codes, count);
  const rows = Int32Array.from({ length: count }, (_, i) => i);
  const originals = trained.dataset.split(split, "evaluation").read(rows)[trained.dataset.modelled]!;
  const both = Float32Array.from([...originals, ...decoded]);
  const path = out ? resolve(out) : join(folder, RUN_FILES.samples, `reconstruct-${split}-${count}.png`);
  return { files: [write(trained, path, both, 2 * count, count)] };
};
