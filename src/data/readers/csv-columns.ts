/**
 * Columns of a table as elements of a vector, each by its kind:
 *
 *     numeric      a number, standardized by the mean and deviation of the training split, or divided by `scale`
 *     binary       0 or 1
 *     count        a natural number, as it is
 *     categorical  an element for each category, in the order of their names: 1 for the one that it is, else 0
 */
import type { ColumnSummary } from "../../contracts/dataset.js";
import type { ColumnSchema, FieldSchema, Support } from "../../tensor/fields.js";
import { sortNames } from "../class-names.js";
import { kindOf } from "./csv-kinds.js";
import type { Parse } from "./csv-numbers.js";
import type { Counted } from "./csv-tally.js";

export interface Column extends ColumnSchema {
  /** Its place in the rows of the table's cells. */
  place: number;
  /** Of categories: by code, which element of the column it is. */
  elements?: Uint32Array;
  missing: number;
  /** Of numbers. */
  range?: readonly [low: number, high: number];
}

/** @throws DATA where the column's kind cannot be told */
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

/** A vector's support: that of its columns where they agree, with categories as bits; else the reals. */
export const tableField = (columns: readonly Column[]): FieldSchema => {
  const supports = new Set(
    columns.map(({ kind }): Support => (kind === "numeric" ? "real" : kind === "count" ? "count" : "binary")),
  );
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

/** Rounding alone makes a constant column's deviation this large, relative to its values (as scikit-learn's scalers have it). */
export const isConstant = (deviation: number, magnitude: number, count: number): boolean =>
  deviation <= count * Number.EPSILON * magnitude;

/** @param role "label" of the label; a column's kind of the others */
export const summaryOf = (
  { name, kind, categories, missing, range }: Column,
  count: number,
  role?: "label",
): ColumnSummary => {
  const [low, high] = range ?? [];
  // No deviation is greater than half of the range.
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
