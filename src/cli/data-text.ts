/** What a data set holds, in lines for people: fields, classes by name, columns of a table, missing values, sizes of splits. */
import type { DatasetDescription } from "../contracts/dataset.js";
import { classNames, type FieldSchema } from "../tensor/fields.js";

/** Names, or columns, that a line or a field shows. */
const SHOWN = 40;

/** Names come from files: those that a comma or a line end would blur are quoted. */
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
  if (support === "categorical" && classes !== undefined) {
    const names = classNames(field);
    return `${kind}, ${classes === 1 ? "1 class" : `${classes} classes`}: ${field.names ? listed(names) : `0 to ${classes - 1}`}`;
  }
  if (columns) return `${counted(columns.length, "column")} in ${counted(shape[0] ?? 0, "element")}`;
  return `${kind} of ${shape.length > 0 ? shape.join(" x ") : "1"}, ${support} values`;
};

const columnLines = ({ columns = [] }: FieldSchema, missing: DatasetDescription["missing"] = {}): string[] => {
  const lines = columns.slice(0, SHOWN).map(({ name, kind, categories }) => {
    const kinds = categories ? `${kind}: ${listed(categories)}` : kind;
    return `    ${shown(name)}  ${kinds}${missingText(Object.hasOwn(missing, name) ? missing[name] : 0)}`;
  });
  return columns.length > SHOWN ? [...lines, `    and ${columns.length - SHOWN} more columns`] : lines;
};

export const dataLines = ({ fields, modeled, sizes, missing, partial = [] }: DatasetDescription): string[] => {
  const { train, validation, test } = sizes;
  return [
    ...Object.entries(fields).flatMap(([name, field]) => {
      const count = !field.columns && missing && Object.hasOwn(missing, name) ? missing[name] : 0;
      const some = !count && !field.columns && partial.includes(name) ? "; known for some examples" : "";
      const role = name === modeled ? " (modeled)" : "";
      return [
        `  ${shown(name)}${role}  ${fieldText(field)}${missingText(count)}${some}`,
        ...columnLines(field, missing),
      ];
    }),
    `  ${train} examples to train on, ${validation} for validation, ${test} for test`,
  ];
};
