/** A spec's data set, read once a process and checked: a value that is not finite is named by split, row and column. */
import type { Dataset, SplitName } from "../core/contracts/data.js";
import { SPLITS } from "../core/contracts/data.js";
import { VaelabError } from "../core/errors.js";
import type { ResolvedSpec } from "../core/experiment-schema.js";
import { sizeOf } from "../core/fields.js";
import { canonicalJson } from "../core/run-folder/json.js";
import type { Builder } from "../registry/build.js";

const ROWS = 1024;

const firstBad = (values: Float32Array): number => {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i]!)) return i;
  return -1;
};

const checkSplit = (dataset: Dataset, name: SplitName, type: string): void => {
  const split = dataset.split(name, "training");
  for (let start = 0; start < split.size; start += ROWS) {
    const rows = Int32Array.from({ length: Math.min(ROWS, split.size - start) }, (_, i) => start + i);
    for (const [field, values] of Object.entries(split.read(rows))) {
      const at = firstBad(values);
      if (at < 0) continue;
      const width = sizeOf(dataset.fields[field]?.shape ?? []);
      throw new VaelabError("DATA", {
        message: `the field "${field}" holds ${values[at]} in row ${start + Math.floor(at / width)} of the ${name} split, at element ${at % width}`,
        where: `data "${type}"`,
        remedy: "Remove the row, or fill the value in.",
      });
    }
  }
};

const read = async (spec: ResolvedSpec, builder: Builder, folder: string, preparation: unknown): Promise<Dataset> => {
  const context = { folder, ...(preparation !== undefined && { preparation }) };
  const dataset = await builder.build("dataset", spec.data, "/data", { dataset: () => context });
  for (const name of SPLITS) checkSplit(dataset, name, spec.data.type);
  return dataset;
};

const loaded = new Map<string, Promise<Dataset>>();

/**
 * The trials of a sweep that name the same data share them.
 * @param preparation what the run kept of it, where it goes on or is looked at again
 */
export const loadDataset = (
  spec: ResolvedSpec,
  builder: Builder,
  folder: string,
  preparation?: unknown,
): Promise<Dataset> => {
  const key = `${folder}\n${canonicalJson([spec.data, preparation ?? null])}`;
  const known = loaded.get(key);
  if (known) return known;
  const fresh = read(spec, builder, folder, preparation);
  loaded.set(key, fresh);
  fresh.catch(() => loaded.delete(key));
  return fresh;
};

/** Reads all data that these specs name, so that what is damaged is known before anything is written. @throws DATA */
export const checkData = async (specs: readonly ResolvedSpec[], builder: Builder, folder: string): Promise<void> => {
  const different = new Map(specs.map((spec) => [canonicalJson(spec.data), spec]));
  for (const spec of different.values()) await read(spec, builder, folder, undefined);
};
