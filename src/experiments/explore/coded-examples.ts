/**
 * Codes of the examples of a split and what generation is conditioned on for them. Those of the scored split lie in the run's
 * samples/latents.npz, and are taken from there whether the data set is there or not, so that both give the same bytes.
 */
import { existsSync } from "node:fs";
import type { SplitName } from "../../contracts/dataset.js";
import { mapValues } from "../../numerics/records.js";
import { inside } from "../../storage/inside.js";
import { CONDITIONS, RUN_FILES, SAMPLE_FILES, type SampleLayout } from "../../storage/layout.js";
import { sampleLayoutGuard } from "../../storage/layout-guards.js";
import type { NumpyArray } from "../../storage/npy.js";
import { readNpz } from "../../storage/npz.js";
import { readGuarded } from "../../storage/read-guarded.js";
import { sizeOf } from "../../tensor/fields.js";
import { conditionsOfRows, type EncodedRows, encodeRows, type HostFields } from "../evaluation/generation.js";
import type { LoadedRun } from "../runs/load-run.js";

export interface CodedExamples {
  /** Laid out as `encodeRows` gives them. */
  encode(rows: Int32Array): Promise<EncodedRows>;
  conditions(rows: Int32Array): HostFields;
}

const gather = ({ shape, data }: NumpyArray, rows: Int32Array): Float32Array => {
  const width = sizeOf(shape.slice(1));
  const values = new Float32Array(rows.length * width);
  for (const [i, row] of rows.entries())
    for (let k = 0; k < width; k++) values[i * width + k] = Number(data[row * width + k]);
  return values;
};

/** @returns undefined where the run kept none of this split, or those of other weights */
const keptExamples = ({ folder, checkpoint, trained }: LoadedRun, split: SplitName): CodedExamples | undefined => {
  const layoutFile = inside(folder, `${RUN_FILES.samples}/${SAMPLE_FILES.layout}`);
  if (!existsSync(layoutFile)) return undefined;
  const { codes: of } = readGuarded<SampleLayout>(layoutFile, sampleLayoutGuard);
  const file = inside(folder, `${RUN_FILES.samples}/${SAMPLE_FILES.latents}`);
  if (of?.split !== split || of.checkpoint !== checkpoint.sha256 || !existsSync(file)) return undefined;
  const { codes, categories, ...arrays } = readNpz(file);
  const size = trained.dataset.sizes[split];
  const hasCategories = Object.keys(trained.model.codes ?? {}).length > 0;
  const conditions = mapValues(trained.model.conditions ?? {}, (_, name) => arrays[CONDITIONS + name]);
  const needed = [codes, ...(hasCategories ? [categories] : []), ...Object.values(conditions)];
  if (needed.some((array) => array?.shape[0] !== size)) return undefined;
  return {
    encode: async (rows) => ({
      codes: gather(codes!, rows),
      dimensions: sizeOf(codes!.shape.slice(1)),
      ...(hasCategories && { categories: gather(categories!, rows) }),
    }),
    conditions: (rows) => mapValues(conditions, (array) => gather(array!, rows)),
  };
};

export const codedExamples = (loaded: LoadedRun, split: SplitName): CodedExamples =>
  keptExamples(loaded, split) ?? {
    encode: (rows) => encodeRows(loaded.trained, split, rows),
    conditions: (rows) => conditionsOfRows(loaded.trained, split, rows),
  };
