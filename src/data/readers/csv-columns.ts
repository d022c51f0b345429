/**
 * Columns of a table as elements of a vector, each by its kind:
 *
 *     numeric      a number, standardized by the mean and deviation of the training split
 *     binary       0 or 1
 *     count        a natural number, as it is
 *     categorical  an element a category, in the order of their names: 1 where it is the one, else 0
 *
 * Where a kind is not declared: 0 and 1 alone are binary; a column of which most values are numbers is numeric, and one that
 * is not is then an error; all else is categorical. A count has to be declared.
 */
import type { ColumnSchema, FieldSchema, Support } from "../../tensor/fields.js";
import { sortNames } from "../class-names.js";
import { rowNumber, type Table } from "./csv-table.js";
import { damaged } from "./data-file.js";

export type Kind = ColumnSchema["kind"];
export interface Column extends ColumnSchema {
  /** By example, the number or the place of the category; NaN where it is missing. */
  values: Float64Array;
}

/** More are taken for something else than categories, such as names of the examples. */
const MOST_CATEGORIES = 256;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

const isNumber = (text: string): boolean => NUMBER.test(text.trim());
const kindOf = (present: readonly string[]): Kind => {
  if (present.every((text) => text.trim() === "0" || text.trim() === "1")) return "binary";
  return present.filter(isNumber).length * 2 > present.length ? "numeric" : "categorical";
};

/** Why a number does not belong into a column of this kind. */
const complaint = (kind: Kind, value: number): string | undefined => {
  if (!Number.isFinite(Math.fround(value))) return "is too large";
  if (kind === "binary" && value !== 0 && value !== 1) return "is neither 0 nor 1";
  if (kind === "count" && !(Number.isSafeInteger(value) && value >= 0)) return "is no natural number";
  return undefined;
};

const categoriesOf = (present: readonly string[], where: string, most: number): string[] => {
  const categories = sortNames(present);
  if (categories.length <= most) return categories;
  const remedy = 'If it names the examples, declare it as "ignored".';
  throw damaged(where, `it has ${categories.length} different values, and at most ${most} can be categories`, {
    remedy,
  });
};

export interface ColumnOptions {
  missing: ReadonlySet<string>;
  declared?: Kind;
  /** Of categories; those of the training file hold for the test file. */
  categories?: readonly string[];
  mostCategories?: number;
}

/** @param tables of the same header: the first file's, and the official test file's */
export const readColumn = (tables: readonly Table[], name: string, options: ColumnOptions): Column => {
  const { missing, declared, mostCategories = MOST_CATEGORIES } = options;
  const cells = tables.flatMap(({ header, columns, name: file }) =>
    columns[header.indexOf(name)]!.map((text, example) => ({ text, example, file })),
  );
  const where = `${tables[0]!.name} column ${JSON.stringify(name)}`;
  const present = cells.flatMap(({ text }) => (missing.has(text) ? [] : [text]));
  if (present.length === 0) throw damaged(where, "every value is missing");
  const kind = declared ?? kindOf(present);
  const values = new Float64Array(cells.length).fill(Number.NaN);
  if (kind === "categorical") {
    const categories = categoriesOf(present, where, mostCategories);
    const places = new Map(categories.map((category, i) => [category, i]));
    for (const [i, { text }] of cells.entries()) if (!missing.has(text)) values[i] = places.get(text)!;
    return { name, kind, width: categories.length, categories, values };
  }
  for (const [i, { text, example, file }] of cells.entries()) {
    if (missing.has(text)) continue;
    const at = `${file} row ${rowNumber(example)}, column ${JSON.stringify(name)}`;
    if (!isNumber(text)) {
      const remedy =
        declared === undefined
          ? 'Correct it, list it as `missing`, or declare the column "categorical".'
          : "Correct it, or list it as `missing`.";
      throw damaged(at, `${JSON.stringify(text)} is no number`, { remedy });
    }
    const reason = complaint(kind, Number(text));
    if (reason) throw damaged(at, `${text} ${reason}`);
    values[i] = Number(text);
  }
  return { name, kind, width: 1, values };
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
    columns: columns.map(({ values: _, ...schema }) => schema),
  };
};
