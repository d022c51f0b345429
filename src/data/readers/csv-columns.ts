/**
 * Columns of a table as elements of a vector, by kind:
 *
 *     numeric      a number, standardized by the mean and deviation of the training split, or divided by `scale`
 *     positive     a number above 0, divided by the geometric mean of the training split, or by `scale`
 *     binary       0 or 1
 *     count        a non-negative integer, unchanged
 *     categorical  one-hot, in the order of the category names
 */
import type { ColumnSummary } from "../../contracts/dataset.js";
import type { ColumnSchema, FieldSchema, Support } from "../../tensor/fields.js";
import { sortNames } from "../class-names.js";
import { kindOf } from "./csv-kinds.js";
import type { Parse } from "./csv-numbers.js";
import type { Counted } from "./csv-tally.js";

export interface Column extends ColumnSchema {
  /** Index in the rows of cells. */
  place: number;
  /** For categories: element of the one-hot vector, by code. */
  elements?: Uint32Array;
  missing: number;
  /** For numbers. */
  range?: readonly [low: number, high: number];
}

/** @throws DATA if the kind of the column is ambiguous */
export const columnOf = (tally: Counted, options: { isCertain: boolean; parse: Parse }): Column => {
  const kind = kindOf(tally, options);
  const { name, place, missing, low, high } = tally;
  if (kind !== "categorical") return { name, kind, width: 1, place, missing, range: [low, high] };
  const texts = [...tally.codes!.keys()];
  const categories = sortNames(texts);
  const elements = new Map(categories.map((category, element) => [category, element]));
  return {
    name,
    kind,
    width: categories.length,
    categories,
    place,
    missing,
    elements: Uint32Array.from(texts, (text) => elements.get(text)!),
  };
};

const SUPPORT_OF: Readonly<Record<ColumnSchema["kind"], Support>> = {
  numeric: "real",
  positive: "positive",
  count: "count",
  binary: "binary",
  categorical: "binary",
};

/** Support of the vector: that of its columns if they agree, counting categories as binary; else the reals. */
export const tableField = (columns: readonly Column[]): FieldSchema => {
  const supports = new Set(columns.map(({ kind }) => SUPPORT_OF[kind]));
  const [support] = supports;
  return {
    kind: "vector",
    shape: [columns.reduce((total, { width }) => total + width, 0)],
    support: supports.size === 1 ? support! : "real",
    columns: columns.map(({ name, kind, width, categories }) => ({
      name,
      kind,
      width,
      ...(categories && { categories }),
    })),
  };
};

/**
 * Rounding errors alone give a constant column a standard deviation of this relative size (same bound as scikit-learn's
 * scalers).
 */
export const isConstant = (deviation: number, magnitude: number, count: number): boolean =>
  deviation <= count * Number.EPSILON * magnitude;

/** @param role "label" for the label, else the kind of the column */
export const summaryOf = (
  { name, kind, categories, missing, range }: Column,
  count: number,
  role?: "label",
): ColumnSummary => {
  const [low, high] = range ?? [];
  // A standard deviation is at most half the range.
  const constant =
    low !== undefined &&
    high !== undefined &&
    isConstant((high - low) / 2, Math.max(Math.abs(low), Math.abs(high)), count - missing);
  return {
    name,
    kind: role ?? kind,
    missing,
    ...(categories && { categories: categories.length }),
    ...(range && { range }),
    ...(constant && { constant }),
  };
};
