/**
 * What a run keeps of its data set, so that what reads no example works without it: the description and the facts that a model
 * and its pictures take from the training split (data.json), and the conditions of training examples that samples are drawn
 * under (conditions.npz).
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Dataset, Split, SplitName } from "../../contracts/dataset.js";
import type { Model } from "../../contracts/model.js";
import { VaelabError } from "../../errors.js";
import { conditionTable } from "../../models/conditions.js";
import { mapValues } from "../../numerics/records.js";
import { writeVersioned } from "../../storage/format.js";
import { CONDITIONS, type KeptData, RUN_FILES } from "../../storage/layout.js";
import { keptDataGuard } from "../../storage/layout-guards.js";
import { readNpz, writeNpz } from "../../storage/npz.js";
import { readGuarded } from "../../storage/read-guarded.js";
import { type FieldSchemas, sizeOf } from "../../tensor/fields.js";
import { trainingRange } from "./training-range.js";

/** A data set, or what a run kept of it: `split` then gives the kept conditions alone. */
export interface RunDataset extends Dataset {
  readonly kept?: Pick<KeptData, "labelCounts" | "trainingRange">;
}

const MESSAGE = "what the run kept of its data set holds no examples";
/** @throws NOT_FOUND, which `needsExamples` tells from others */
const refuseRows = (): never => {
  throw new VaelabError("NOT_FOUND", {
    message: MESSAGE,
    remedy: "Name the folder that holds the data: --data-folder DIR",
  });
};
/** Whether an error, or what caused it, is that a kept data set was asked for examples. */
export const needsExamples = (error: unknown): boolean =>
  error instanceof Error &&
  ((error instanceof VaelabError && error.problems.some(({ message }) => message === MESSAGE)) ||
    needsExamples(error.cause));

/** Fields that generation is conditioned on, and that come from the data. */
const conditionFields = ({ conditions = {}, observed = {} }: Pick<Model, "conditions" | "observed">): FieldSchemas =>
  Object.fromEntries(Object.entries(conditions).filter(([name]) => !Object.values(observed).includes(name)));

/** @param labelCounts those that the model was built with. @throws NOT_WRITABLE */
export const writeKeptData = (
  folder: string,
  { fields, modeled, sizes, partial, missing, sha256, split }: Dataset,
  { model, labelCounts }: { model: Model; labelCounts: KeptData["labelCounts"] },
): void => {
  const { kind, support } = fields[modeled]!;
  const isRanged = kind === "image" && support !== "unit" && support !== "binary";
  const kept: KeptData = {
    sha256,
    fields,
    modeled,
    sizes,
    ...(partial && { partial }),
    ...(missing && { missing }),
    labelCounts,
    ...(isRanged && { trainingRange: trainingRange({ fields, modeled, split }) }),
  };
  const conditions = conditionFields(model);
  if (Object.keys(conditions).length > 0) {
    const { rows, columns } = conditionTable(conditions, split("train", "evaluation"));
    writeNpz(join(folder, RUN_FILES.conditions), {
      rows: { shape: [rows.length], data: rows },
      ...Object.fromEntries(
        Object.entries(columns).map(([name, data]) => [
          CONDITIONS + name,
          { shape: [rows.length, ...conditions[name]!.shape], data },
        ]),
      ),
    });
  }
  writeVersioned(join(folder, RUN_FILES.data), kept);
};

export const keepsData = (folder: string): boolean => existsSync(join(folder, RUN_FILES.data));

/** Reads the kept conditions when they are first asked for. */
const keptConditions = (folder: string, fields: FieldSchemas): Split["read"] => {
  let table: { places: ReadonlyMap<number, number>; arrays: ReturnType<typeof readNpz> } | undefined;
  const load = (): NonNullable<typeof table> => {
    const path = join(folder, RUN_FILES.conditions);
    if (!existsSync(path)) return refuseRows();
    const { rows, ...arrays } = readNpz(path);
    const names = Object.keys(arrays).map((name) => name.slice(CONDITIONS.length));
    const places = new Map(Array.from(rows?.data ?? [], (row, place) => [Number(row), place]));
    return { places, arrays: Object.fromEntries(names.map((name) => [name, arrays[CONDITIONS + name]!])) };
  };
  return (rows) => {
    table ??= load();
    const { places, arrays } = table;
    const at = Array.from(rows, (row) => places.get(row) ?? refuseRows());
    const values: Record<string, Float32Array> = mapValues(arrays, ({ data }, name) => {
      const width = sizeOf(fields[name]?.shape ?? []);
      const column = new Float32Array(at.length * width);
      for (const [i, place] of at.entries())
        for (let k = 0; k < width; k++) column[i * width + k] = Number(data[place * width + k]);
      return column;
    });
    // Whoever wants more of these examples than their conditions is refused too.
    for (const name of Object.keys(fields))
      if (!Object.hasOwn(values, name)) Object.defineProperty(values, name, { get: refuseRows, enumerable: true });
    return values;
  };
};

/** @throws NOT_FOUND, NOT_READABLE, RUN_FOLDER, FORMAT */
export const readKeptData = (folder: string): RunDataset => {
  const {
    labelCounts,
    trainingRange: range,
    ...described
  } = readGuarded<KeptData>(join(folder, RUN_FILES.data), keptDataGuard);
  const conditions = keptConditions(folder, described.fields);
  return {
    ...described,
    kept: { labelCounts, ...(range && { trainingRange: range }) },
    split: (name: SplitName, purpose) => ({
      size: described.sizes[name],
      read: name === "train" && purpose === "evaluation" ? conditions : refuseRows,
    }),
  };
};
