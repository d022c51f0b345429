/** Labels of the examples of a split, by field; they group figures by example. */

import type { Dataset, SplitName } from "../../contracts/dataset.js";
import { readingBlocks } from "../training/batches.js";

/** Code of a missing label. */
export const UNKNOWN = -1;

export const labelsOfSplit = (dataset: Dataset, name: SplitName): Record<string, Int32Array> => {
  const size = dataset.sizes[name];
  const fields = Object.entries(dataset.fields).flatMap(([field, { kind }]) => (kind === "label" ? [field] : []));
  const labels = Object.fromEntries(fields.map((field) => [field, new Int32Array(size)]));
  if (fields.length === 0) return labels;
  const split = dataset.split(name, "evaluation");
  for (const { start, rows } of readingBlocks(size, dataset.fields)) {
    const [values, observed] = [split.read(rows), split.observed?.(rows) ?? {}];
    for (const field of fields)
      labels[field]!.set(
        values[field]!.map((label, i) => (observed[field]?.[i] === 0 ? UNKNOWN : label)),
        start,
      );
  }
  return labels;
};
