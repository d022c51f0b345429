/** Human-readable summary of a data set: fields, class names, table columns, missing values, split sizes. */
import type { ColumnSummary, DatasetDescription } from "../contracts/dataset.js";
import { classNames, type FieldSchema } from "../tensor/fields.js";
import { textTable } from "./output.js";

/** Maximum number of names per line, and of columns per field. */
const SHOWN = 40;

/** Names come from files, so those with commas or line breaks are quoted. */
const shown = (name: string): string => (/^[\p{L}\p{N}_ .+()-]+$/u.test(name) ? name : JSON.stringify(name));

const listed = (names: readonly string[]): string =>
  names.length <= SHOWN
    ? names.map(shown).join(", ")
    : `${names
        .slice(0, SHOWN - 1)
        .map(shown)
        .join(", ")}, ..., ${shown(names.at(-1)!)}`;

const counted = (count: number, unit: string): string => `${count} ${unit}${count === 1 ? "" : "s"}`;

const missingText = (count: number | undefined): string => (count ? `; ${count} missing` : "");

const fieldText = (field: FieldSchema): string => {
  const { kind, shape, support, classes, columns } = field;
  if (support === "categorical" && classes !== undefined && shape.length === 0) {
    const names = classNames(field);
    return `${kind}, ${classes === 1 ? "1 class" : `${classes} classes`}: ${field.names ? listed(names) : `0 to ${classes - 1}`}`;
  }
  if (columns) return `${counted(columns.length, "column")} in ${counted(shape[0] ?? 0, "element")}`;
  const values =
    support === "categorical" && classes !== undefined ? `codes of ${classes} categories` : `${support} values`;
  return `${kind} of ${shape.length > 0 ? shape.join(" x ") : "1"}, ${values}`;
};

/** Category names in a cell of the table. */
const SHOWN_CATEGORIES = 6;

const rounded = (value: number): string => String(Number(value.toPrecision(5)));

const valuesText = ({ kind, categories, range, constant }: ColumnSummary, names: readonly string[] = []): string => {
  if (kind === "label" && categories !== undefined) return categories === 1 ? "1 class" : `${categories} classes`;
  if (categories !== undefined) {
    const more = names.length > SHOWN_CATEGORIES ? ", ..." : "";
    const first = names.slice(0, SHOWN_CATEGORIES).map(shown).join(", ");
    return `${categories === 1 ? "1 category" : `${categories} categories`}: ${first}${more}`;
  }
  if (!range) return "";
  const [low, high] = range;
  if (constant) return `constant, ${rounded(low)}`;
  return `${rounded(low)} to ${rounded(high)}`;
};

/** Columns of a table: all columns of the file if the data set describes them, else those of the field. */
const columnLines = ({ columns: elements = [] }: FieldSchema, summaries: DatasetDescription["columns"]): string[] => {
  const names = new Map(elements.map(({ name, categories }) => [name, categories]));
  const all: readonly ColumnSummary[] =
    summaries ??
    elements.map(({ name, kind, categories }) => ({
      name,
      kind,
      ...(categories && { categories: categories.length }),
    }));
  if (all.length === 0) return [];
  const rows = all
    .slice(0, SHOWN)
    .map((column) => [
      column.name === "" ? "(no name)" : shown(column.name),
      column.kind,
      valuesText(column, names.get(column.name)),
      column.missing === undefined ? "" : String(column.missing),
    ]);
  const lines = textTable(["column", "kind", "values", "missing"], rows)
    .split("\n")
    .map((line) => `    ${line}`);
  return all.length > SHOWN ? [...lines, `    and ${all.length - SHOWN} more columns`] : lines;
};

export const dataLines = ({ fields, modeled, sizes, missing, partial = [], columns }: DatasetDescription): string[] => {
  const { train, validation, test } = sizes;
  return [
    ...Object.entries(fields).flatMap(([name, field]) => {
      const count = missing && Object.hasOwn(missing, name) ? missing[name] : 0;
      const some = !count && !field.columns && partial.includes(name) ? "; known for some examples" : "";
      const role = name === modeled ? " (modeled)" : "";
      return [
        `  ${shown(name)}${role}  ${fieldText(field)}${missingText(count)}${some}`,
        ...columnLines(field, name === modeled ? columns : undefined),
      ];
    }),
    `  ${train} examples to train on, ${validation} for validation, ${test} for test`,
  ];
};
