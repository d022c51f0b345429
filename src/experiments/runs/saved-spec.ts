/** The experiment that a run or a sweep was made from, as its own folder says. */
import { join } from "node:path";
import { VaelabError } from "../../errors.js";
import type { Catalogue } from "../../registry/components/catalogue.js";
import { type Experiment, loadExperimentValue } from "../../registry/experiment.js";
import { isObject, readJson } from "../../storage/json.js";
import { RUN_FILES, SWEEP_FILES } from "../../storage/layout.js";
import { loadOptions } from "./load-options.js";

/** A file that says where the spec lay, which paths start from. */
const readPlaced = (path: string): Readonly<Record<string, unknown>> & { specFolder: string } => {
  const value = readJson(path);
  if (isObject(value) && typeof value.specFolder === "string") return { ...value, specFolder: value.specFolder };
  throw new VaelabError("RUN_FOLDER", {
    message: '"specFolder" does not say where the spec lay',
    where: path,
    remedy: "Put the folder's own file back.",
  });
};

export interface SavedRun {
  experiment: Experiment;
  specFolder: string;
  /** What it was trained with: engine, data, versions. */
  provenance: Readonly<Record<string, unknown>>;
}

/** @throws NOT_FOUND, RUN_FOLDER, and what loading the spec throws, each naming the file. */
export const readSavedRun = async (
  folder: string,
  catalogue: Catalogue,
  changes: { set?: string[]; add?: string[] } = {},
): Promise<SavedRun> => {
  const provenance = readPlaced(join(folder, RUN_FILES.provenance));
  const { specFolder } = provenance;
  const where = join(folder, RUN_FILES.resolved);
  const experiment = await loadExperimentValue(readJson(where), {
    ...loadOptions(changes, catalogue),
    folder: specFolder,
    where,
  });
  return { experiment, specFolder, provenance };
};

/** @throws NOT_FOUND, RUN_FOLDER, and what loading the spec throws, each naming the file. */
export const readSavedSweep = async (folder: string, catalogue: Catalogue): Promise<Experiment> => {
  const where = join(folder, SWEEP_FILES.sweep);
  const { spec, specFolder } = readPlaced(where);
  return loadExperimentValue(spec, { ...loadOptions({}, catalogue), folder: specFolder, where });
};
