/**
 * Rows of a table as the vectors that a model was trained on, and back, with the statistics that its run kept of the training split:
 * a row that no file of the data set holds is prepared like those that one does.
 */
import type { Cell, KeptDescription, RowValues, TableFormat, TableRow } from "../../contracts/unseen.js";
import { type ColumnSchema, classNames, type FieldSchema } from "../../tensor/fields.js";
import { complaintOf } from "./csv-cells.js";
import { numberOfText, type Parse } from "./csv-numbers.js";
import { optionsOf } from "./csv-options.js";
import { keptMoments, type Moments } from "./csv-standardize.js";
import type { FileOptions } from "./file-dataset.js";

const VECTOR = "x";
const LABEL = "label";

/** A column with its place in the vector, and how its numbers are scaled. */
interface PlacedColumn extends ColumnSchema {
  start: number;
  moments: Moments;
}

const placed = ({ columns = [] }: FieldSchema, preparation: unknown): PlacedColumn[] => {
  let start = 0;
  return columns.map((column) => {
    const isScaled = column.kind === "numeric" || column.kind === "positive";
    const moments = isScaled ? keptMoments(preparation, column.name) : { mean: 0, deviation: 1 };
    const own = { ...column, start, moments };
    start += column.width;
    return own;
  });
};

interface CellFormat {
  parse: Parse;
  missing: ReadonlySet<string>;
}
/** Why a value of a program is no cell at all. */
const faultOfCell = (cell: Cell): string | undefined =>
  typeof cell === "object" && cell !== null
    ? `${Array.isArray(cell) ? "an array" : "an object"} is no cell`
    : undefined;

/** The number of a cell, or why it is none; undefined where it is missing. */
const numberIn = (cell: Cell, { parse, missing }: CellFormat): number | string | undefined => {
  if (cell === null || cell === undefined) return undefined;
  if (typeof cell === "boolean") return Number(cell);
  if (typeof cell === "number") return Number.isNaN(cell) ? undefined : cell;
  const text = cell.trim();
  if (missing.has(text)) return undefined;
  const value = parse(text);
  return value ?? `${JSON.stringify(text)} is not a number`;
};
/** The text of a cell; undefined where it is missing. */
const textIn = (cell: Cell, { missing }: CellFormat): string | undefined => {
  if (cell === null || cell === undefined || (typeof cell === "number" && Number.isNaN(cell))) return undefined;
  const text = String(cell).trim();
  return missing.has(text) ? undefined : text;
};

/** The place of a name; a number may be written in another way, as 3.0 for 3. */
const placeOf = (text: string, names: readonly string[], parse: Parse): number => {
  const exact = names.indexOf(text);
  const value = exact >= 0 ? undefined : parse(text);
  return value === undefined ? exact : names.findIndex((name) => parse(name) === value);
};
/** Names that a complaint lists. */
const NAMED = 12;
const unknown = (text: string, names: readonly string[], what: string): string =>
  `${JSON.stringify(text)} is no ${what} of the training data: ${names.slice(0, NAMED).join(", ")}${names.length > NAMED ? `, ... (${names.length})` : ""}`;

/** Fills in one column. @returns why the cell does not fit */
const readColumn = (
  { kind, start, width, categories = [], moments }: PlacedColumn,
  cell: Cell,
  format: CellFormat,
  { values, observed }: { values: Float32Array; observed: Float32Array },
): string | undefined => {
  const put = (value: number, at = start): void => {
    observed.fill(1, start, start + width);
    values[at] = value;
  };
  observed.fill(0, start, start + width);
  values.fill(kind === "positive" ? 1 : 0, start, start + width);
  if (kind === "categorical") {
    const text = textIn(cell, format);
    if (text === undefined) return undefined;
    const category = placeOf(text, categories, format.parse);
    if (category < 0) return unknown(text, categories, "category");
    put(1, start + category);
    return undefined;
  }
  const value = numberIn(cell, format);
  if (value === undefined || typeof value === "string") return value;
  if (!Number.isFinite(Math.fround(value))) return `${value} is too large`;
  const complaint = complaintOf(kind, value);
  if (complaint !== undefined) return `${value} ${complaint}`;
  put((value - moments.mean) / moments.deviation);
  return undefined;
};

const readLabel = (
  field: FieldSchema,
  cell: Cell,
  format: CellFormat,
  values: Float32Array,
  observed: Float32Array,
): string | undefined => {
  const text = textIn(cell, format);
  const names = classNames(field);
  const code = text === undefined ? -1 : placeOf(text, names, format.parse);
  observed[0] = Number(code >= 0);
  values[0] = Math.max(0, code);
  return text !== undefined && code < 0 ? unknown(text, names, "class") : undefined;
};

/** What a cell of the column holds: a category, a number that the kind of the column admits. Nine digits tell any two apart. */
const cellOf = (column: PlacedColumn, values: ArrayLike<number>): string | number => {
  const { kind, start, width, categories = [], moments } = column;
  if (kind === "categorical") {
    let best = 0;
    for (let i = 1; i < width; i++) if (values[start + i]! > values[start + best]!) best = i;
    return categories[best]!;
  }
  const value = values[start]!;
  if (kind === "binary") return value >= 0.5 ? 1 : 0;
  if (kind === "count") return Math.max(0, Math.round(value));
  return Number((value * moments.deviation + moments.mean).toPrecision(9));
};

/** @param options fields of `csv` in the spec */
export const tableFormat = (options: FileOptions, { fields, preparation }: KeptDescription): TableFormat => {
  const { missing, label: labelColumn, delimiter, ...numbers } = optionsOf(options);
  const parse = numberOfText(numbers);
  const format: CellFormat = { parse, missing: new Set(["", ...missing.map((token) => token.trim())]) };
  const columns = placed(fields[VECTOR]!, preparation);
  const label = fields[LABEL];
  const hasLabel = label !== undefined && labelColumn !== undefined;

  const read = (row: TableRow, { values, observed }: RowValues): string | undefined => {
    for (const column of columns) {
      const fault = faultOfCell(row[column.name]);
      if (fault !== undefined) return `column ${JSON.stringify(column.name)}: ${fault}`;
      const own = { values: values[VECTOR]!, observed: observed[VECTOR]! };
      const complaint = readColumn(column, row[column.name], format, own);
      if (complaint !== undefined) return `column ${JSON.stringify(column.name)}: ${complaint}`;
    }
    if (!hasLabel) return undefined;
    const complaint =
      faultOfCell(row[labelColumn]) ?? readLabel(label, row[labelColumn], format, values[LABEL]!, observed[LABEL]!);
    return complaint === undefined ? undefined : `column ${JSON.stringify(labelColumn)}: ${complaint}`;
  };

  return {
    columns: [...columns.map(({ name }) => name), ...(hasLabel ? [labelColumn] : [])],
    delimiter,
    decimal: numbers.decimal,
    read,
    present: ({ [VECTOR]: vector, [LABEL]: code }, observed = {}) => {
      const isThere = (field: string, at: number): boolean => observed[field]?.[at] === 1;
      const wanted = columns.filter(({ start }) => !isThere(VECTOR, start));
      const hasCode = hasLabel && code && !isThere(LABEL, 0);
      return {
        ...(vector && Object.fromEntries(wanted.map((column) => [column.name, cellOf(column, vector)]))),
        ...(hasCode && { [labelColumn]: classNames(label)[code[0]!] ?? null }),
      };
    },
  };
};
