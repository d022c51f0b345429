/** Fields of a csv data set in a spec, and their translation to reading options. */
import { VaelabError } from "../../errors.js";
import type { RowOptions } from "./csv-rows.js";
import { type Kind, newTally, type Tally } from "./csv-tally.js";
import { damaged } from "./data-file.js";
import { type FileOptions, pathField, splitFields } from "./file-dataset.js";

const IGNORED = "ignored";
const KINDS = ["numeric", "positive", "binary", "categorical", "count", IGNORED] as const;
type DeclaredKind = (typeof KINDS)[number];

/** The tokens of pandas, except "None", which may be a category. */
const MISSING = ["", "NA", "N/A", "n/a", "<NA>", "#N/A", "NaN", "nan", "-nan", "NULL", "null"];

export const csvFields = {
  file: pathField("Table in UTF-8, optionally gzipped"),
  testFile: pathField("Official test set, with the same columns; the test split is drawn only from it"),
  delimiter: {
    type: "string",
    minLength: 1,
    maxLength: 1,
    description: "Character between columns. Default: a tab in .tsv files, else a comma",
  },
  header: { type: "boolean", default: true, description: "Whether the first row holds the column names" },
  names: {
    type: "array",
    minItems: 1,
    uniqueItems: true,
    items: { type: "string", minLength: 1 },
    description: "Column names, which replace those of the header. Default without a header: c0, c1, ...",
  },
  decimal: { enum: [".", ","], default: ".", description: "Decimal mark" },
  thousands: { enum: [",", ".", " ", "'", "_"], description: "Thousands separator, if any" },
  columns: {
    type: "object",
    default: {},
    additionalProperties: { enum: KINDS },
    description:
      "Kinds by column name, to override inference: numeric, positive, binary, categorical, count, ignored. Columns without a name are ignored",
  },
  label: { type: "string", minLength: 1, description: "Column that holds the class; it is not part of the vector" },
  scale: {
    type: "number",
    exclusiveMinimum: 0,
    description: "Divisor of numeric and positive columns, used instead of standardization",
  },
  missing: {
    type: "array",
    items: { type: "string" },
    default: MISSING,
    description: "Tokens that mark a missing value",
  },
  ...splitFields,
} as const;

const refuse = (pointer: string, message: string, remedy: string): VaelabError =>
  new VaelabError("SPEC_INVALID", { message, where: `/data/${pointer}`, remedy });

const isTabbed = (file: string): boolean => /\.(tsv|tab)(\.gz)?$/i.test(file);

const delimiterOf = ({ delimiter, file }: FileOptions): string => {
  if (delimiter === undefined) return isTabbed(String(file)) ? "\t" : ",";
  // The scanner looks at single bytes.
  if (/^[\t -~]$/.test(String(delimiter)) && delimiter !== '"') return String(delimiter);
  const message = `${JSON.stringify(delimiter)} cannot be a delimiter`;
  throw refuse("delimiter", message, "Use one ASCII character other than a quote or a line break.");
};

/** Maximum number of columns that a message lists. */
const MOST_SHOWN = 50;
const known = (name: string, names: readonly string[], file: string, pointer: string): string => {
  if (names.includes(name)) return name;
  const more = names.length > MOST_SHOWN ? `, ... (${names.length} columns)` : "";
  const remedy = `It has: ${names.slice(0, MOST_SHOWN).join(", ")}${more}.`;
  throw refuse(pointer, `${file} has no column ${JSON.stringify(name)}`, remedy);
};

/** Name that pandas gives to an index that was saved as a column and read again. */
const SAVED_INDEX = /^Unnamed: \d+$/;

export interface CsvOptions extends Omit<RowOptions, "choose"> {
  declared: ReadonlyMap<string, DeclaredKind>;
  label: string | undefined;
}

/** Kept columns with their kinds. @throws DATA, SPEC_INVALID */
const chooser =
  ({ declared, label }: CsvOptions): RowOptions["choose"] =>
  (names, file) => {
    const all = new Set(names);
    for (const name of declared.keys()) if (!all.has(name)) known(name, names, file, "columns");
    if (label !== undefined && !all.has(label)) known(label, names, file, "label");
    let place = 0;
    const tallies = names.map((name): Tally | undefined => {
      const isLabel = name === label;
      const kind = declared.get(name) ?? (name === "" ? IGNORED : undefined);
      if (kind === undefined && !isLabel && SAVED_INDEX.test(name))
        throw damaged(`${file} row 1`, `the column "${name}" looks like an index saved by pandas`, {
          remedy: `Declare it: "columns": { "${name}": "ignored" }, or "numeric" if it is data.`,
        });
      if (kind === IGNORED && !isLabel) return undefined;
      const of: Kind | undefined = isLabel ? "categorical" : (kind as Kind | undefined);
      return newTally(name, file, place++, of, isLabel);
    });
    if (tallies.every((tally) => tally === undefined || tally.isLabel))
      throw damaged(`${file} row 1`, "no columns are left to model");
    return tallies;
  };

/** @throws SPEC_INVALID if fields contradict each other */
export const optionsOf = (fields: FileOptions): CsvOptions & RowOptions => {
  const declared = new Map(Object.entries(fields.columns as Record<string, DeclaredKind>));
  const label = fields.label === undefined ? undefined : String(fields.label);
  const unnamed = declared.get("");
  if (unnamed !== undefined && unnamed !== IGNORED)
    throw refuse("columns", `a column without a name cannot be ${unnamed}`, 'Give all columns "names".');
  const ofLabel = label === undefined ? undefined : declared.get(label);
  if (ofLabel !== undefined && ofLabel !== IGNORED && ofLabel !== "categorical")
    throw refuse("columns", `the label "${label}" is declared ${ofLabel}`, "A label is categorical.");
  if (fields.thousands === fields.decimal)
    throw refuse(
      "thousands",
      "the thousands separator cannot equal the decimal mark",
      'Change "decimal" or "thousands".',
    );
  const options: CsvOptions = {
    delimiter: delimiterOf(fields),
    header: fields.header === true,
    names: fields.names as readonly string[] | undefined,
    decimal: fields.decimal as "." | ",",
    ...(fields.thousands !== undefined && { thousands: String(fields.thousands) }),
    missing: (fields.missing as readonly unknown[]).map(String),
    declared,
    label,
  };
  return { ...options, choose: chooser(options) };
};

/** Cache key: everything besides the files that the table depends on. */
export const optionsKey = ({ declared, choose: _, ...options }: CsvOptions & RowOptions): string =>
  JSON.stringify([options, [...declared]]);
