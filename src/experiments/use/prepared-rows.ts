/** Prepared examples as the inputs of a program. */
import type { Model } from "../../contracts/model.js";
import type { Host } from "../../contracts/program.js";
import type { BatchInputs } from "../../inference/step.js";
import { mapValues } from "../../numerics/records.js";
import { rowsFrom } from "../training/batches.js";
import type { PreparedExamples } from "./examples.js";
import { paddedRows } from "./kept-programs.js";

/** Rows `start` to `start + count`, filled up to `size`. */
export const batchRows = (
  { fields: schemas }: Pick<Model, "fields">,
  { fields, observed }: PreparedExamples,
  start: number,
  count: number,
  size: number,
): Host<BatchInputs> => {
  const tensorsOf = (columns: Readonly<Record<string, Float32Array>>) =>
    mapValues(columns, (data, name) => paddedRows({ shape: schemas[name]!.shape, data }, start, count, size));
  return {
    fields: tensorsOf(fields),
    ...(Object.keys(observed).length > 0 && { observed: tensorsOf(observed) }),
    index: { shape: [size], data: rowsFrom(start, size) },
  };
};
