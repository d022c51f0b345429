/** A spec's data set, read once a process and checked: a value that is not finite is named by split, row and column. */

import type { DataPlace, Dataset, DatasetContext, SplitName } from "../../contracts/dataset.js";
import { SPLITS } from "../../contracts/dataset.js";
import { VaelabError } from "../../errors.js";
import type { Builder } from "../../registry/components/build.js";
import type { ResolvedSpec } from "../../spec/experiment-schema.js";
import { canonicalJson, isObject } from "../../storage/json.js";
import { sizeOf } from "../../tensor/fields.js";
import { readingBlocks } from "./batches.js";
import { assertFields, assertLabels } from "./dataset-contract.js";

const firstBad = (values: Float32Array): number => {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i]!)) return i;
  return -1;
};

const checkSplit = (dataset: Dataset, name: SplitName, type: string): void => {
  const split = dataset.split(name, "training");
  const fields = split.fields ?? dataset.fields;
  for (const { start, rows } of readingBlocks(split.size, dataset.fields)) {
    const read = split.read(rows);
    for (const [field, values] of Object.entries(read)) {
      const at = firstBad(values);
      if (at < 0) continue;
      const width = sizeOf(fields[field]?.shape ?? []);
      throw new VaelabError("DATA", {
        message: `the field "${field}" holds ${values[at]} in row ${start + Math.floor(at / width)} of the ${name} split, at element ${at % width}`,
        where: `data "${type}"`,
        remedy: "Remove the row, or fill the value in.",
      });
    }
    assertLabels(dataset, { read, observed: () => split.observed?.(rows) }, { type, split: name, start });
  }
};

/** How `codes` gets the codes of another run's model; `engine` names what computes them. */
export interface RunEncoder {
  engine: string;
  encode: NonNullable<DatasetContext["encode"]>;
}
/** What data sets are made with, beside their fields. */
export interface DataOptions {
  /** What the run kept of it, where it goes on or is looked at again. */
  preparation?: unknown;
  /** Encodes the data set of another run; data of other types need none. */
  encoder?: RunEncoder;
  /** Told what a user should know of the data, when they are read first. */
  warn?: (message: string) => void;
}

const read = async (
  spec: ResolvedSpec,
  builder: Builder,
  place: DataPlace,
  { preparation, encoder, warn }: DataOptions,
): Promise<Dataset> => {
  const encode: DatasetContext["encode"] = (run, request) => {
    if (!encoder) throw new VaelabError("CONTRACT", { message: "codes need an engine to encode with" });
    return encoder.encode(run, request);
  };
  const context = { ...place, encode, ...(preparation !== undefined && { preparation }), ...(warn && { warn }) };
  const dataset = await builder.build("dataset", spec.data, "/data", { dataset: () => context });
  assertFields(dataset, spec.data.type);
  for (const name of SPLITS) checkSplit(dataset, name, spec.data.type);
  return dataset;
};

const loaded = new Map<string, Promise<Dataset>>();

const numbers = new WeakMap<object, number>();
let numbered = 0;
/** One number for each object, as long as the process lives. */
const numberOf = (object: object): number => {
  const number = numbers.get(object) ?? numbered++;
  numbers.set(object, number);
  return number;
};

/**
 * The trials of a sweep that name the same data share them. A plugin of another service may define the same name otherwise, so
 * data are the same only where the same definitions make them.
 */
export const loadDataset = (
  spec: ResolvedSpec,
  builder: Builder,
  place: DataPlace,
  options: DataOptions = {},
): Promise<Dataset> => {
  const definitions = builder.definitions("dataset", spec.data).map(numberOf);
  const asked = canonicalJson([place, spec.data, options.preparation ?? null, definitions]);
  const key = `${options.encoder?.engine}\n${asked}`;
  const known = loaded.get(key);
  if (known) return known;
  const fresh = read(spec, builder, place, options);
  loaded.set(key, fresh);
  fresh.catch(() => loaded.delete(key));
  return fresh;
};

/** Made by another run's model: its data were checked by that run. */
const isEncoded = (data: unknown): boolean =>
  isObject(data) && (data.type === "codes" || Object.values(data).some(isEncoded));

/** Reads all data that these specs name, so that what is damaged is known before anything is written. @throws DATA */
export const checkData = async (specs: readonly ResolvedSpec[], builder: Builder, place: DataPlace): Promise<void> => {
  const different = new Map(specs.map((spec) => [canonicalJson(spec.data), spec]));
  for (const spec of different.values()) if (!isEncoded(spec.data)) await read(spec, builder, place, {});
};
