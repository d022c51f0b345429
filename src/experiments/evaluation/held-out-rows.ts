/**
 * Divides the training split by `data.seed`: rows on which the feature extractor is trained, and held-out rows (as many as
 * the test split has, at most half of all), which represent the training split in comparisons.
 */
import type { Dataset, SplitName } from "../../contracts/dataset.js";
import type { SampleRows } from "../../contracts/metric.js";
import { pointsOf } from "../../numerics/points.js";
import { mapValues } from "../../numerics/records.js";
import { permutation, stream } from "../../numerics/streams.js";
import { sizeOf } from "../../tensor/fields.js";
import { UNKNOWN } from "./labels-of-split.js";

export const trainingRows = ({ sizes }: Dataset, dataSeed: number): { learned: Int32Array; apart: Int32Array } => {
  const order = permutation(sizes.train, stream(dataSeed, "extractor/split"));
  const apart = Math.min(sizes.test, sizes.train >> 1);
  return { learned: order.slice(apart), apart: order.slice(0, apart) };
};

/** Examples of a split as evaluated, with all other fields; unknown labels are -1. */
export const rowsOfSplit = (dataset: Dataset, name: SplitName, rows: Int32Array): SampleRows => {
  const split = dataset.split(name, "evaluation");
  const { [dataset.modeled]: values, ...others } = split.read(rows);
  const observed = split.observed?.(rows) ?? {};
  const width = sizeOf(dataset.fields[dataset.modeled]!.shape);
  const given = mapValues(others, (column, field) =>
    dataset.fields[field]!.kind === "label" && observed[field]
      ? column.map((label, i) => (observed[field]![i] === 0 ? UNKNOWN : label))
      : column,
  );
  return { ...pointsOf(values ?? new Float32Array(0), width), given };
};
