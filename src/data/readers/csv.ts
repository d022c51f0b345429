/**
 * A table: an example a row, its columns one vector, and one of them a label if so asked. What is missing is 0 after
 * standardization, the mean of the training split, and masked: `Split.observed` is 0 there.
 */
import type { Dataset, DatasetContext, DatasetDescription } from "../../contracts/dataset.js";
import { VaelabError } from "../../errors.js";
import { defineDataset } from "../../spec/define.js";
import { isObject } from "../../storage/json.js";
import { withClasses } from "../class-names.js";
import type { Source, Sources } from "../split.js";
import { type Column, type Kind, readColumn, tableField } from "./csv-columns.js";
import { readTable, type Table } from "./csv-table.js";
import { damaged, fileAt } from "./data-file.js";
import { type Counts, datasetOf, type FileOptions, pathField, rowsOf, sizesOf, splitFields } from "./file-dataset.js";
import { labelField, labelSources } from "./labels.js";

const IGNORED = "ignored";
const KINDS = ["numeric", "binary", "categorical", "count", IGNORED] as const;
const MOST_CLASSES = 65_536;

const isComplete = ({ values }: Column): boolean => !values.some((value) => Number.isNaN(value));

interface Read {
  description: DatasetDescription;
  counts: Counts;
  columns: Column[];
  label?: Column;
}

const sameHeader = (first: Table, test: Table): void => {
  if (first.header.join("\u0000") !== test.header.join("\u0000"))
    throw damaged(`${test.name} row 1`, `the header is another than that of ${first.name}`);
};

const known = (name: unknown, { header, name: file }: Table, pointer: string): string => {
  if (header.includes(String(name))) return String(name);
  throw new VaelabError("SPEC_INVALID", {
    message: `${file} has no column ${JSON.stringify(name)}`,
    where: pointer,
    remedy: `It has: ${header.join(", ")}.`,
  });
};

const read = (fields: FileOptions, folder: string): Read => {
  const delimiter = String(fields.delimiter);
  const first = readTable(fileAt(folder, String(fields.file)), delimiter);
  const test =
    fields.testFile === undefined ? undefined : readTable(fileAt(folder, String(fields.testFile)), delimiter);
  if (test) sameHeader(first, test);
  const tables = test ? [first, test] : [first];
  const missing = new Set((fields.missing as string[]).map(String));
  const declared = new Map(Object.entries(fields.columns as Record<string, (typeof KINDS)[number]>));
  for (const name of declared.keys()) known(name, first, "/data/columns");
  const labelName = fields.label === undefined ? undefined : known(fields.label, first, "/data/label");
  const columns = first.header
    .filter((name) => name !== labelName && declared.get(name) !== IGNORED)
    .map((name) => {
      const kind = declared.get(name) as Kind | undefined;
      return readColumn(tables, name, { missing, ...(kind && { declared: kind }) });
    });
  if (columns.length === 0) throw damaged(`${first.name} row 1`, "no column is left to model");
  const label =
    labelName === undefined
      ? undefined
      : readColumn(tables, labelName, { missing, declared: "categorical", mostCategories: MOST_CLASSES });
  const counts = { count: first.count, ...(test && { official: test.count }) };
  const partial = [...(columns.every(isComplete) ? [] : ["x"]), ...(!label || isComplete(label) ? [] : ["label"])];
  const description: DatasetDescription = {
    fields: { x: tableField(columns), ...(label && { label: labelField(label.width, label.categories) }) },
    modeled: "x",
    sizes: sizesOf(fields, counts),
    ...(partial.length > 0 && { partial }),
  };
  return { description, counts, columns, ...(label && { label }) };
};

/** What a numeric column is standardized by. */
interface Moments {
  mean: number;
  /** By 1 / n; 1 where a column is constant. */
  deviation: number;
}
type Preparation = Readonly<Record<string, Moments>>;

const momentsOf = ({ name, values }: Column, rows: ArrayLike<number>): Moments => {
  const present = Array.from(rows, (row) => values[row]!).filter((value) => !Number.isNaN(value));
  if (present.length === 0)
    throw damaged(`column ${JSON.stringify(name)}`, "every value of the training split is missing");
  const mean = present.reduce((sum, value) => sum + value, 0) / present.length;
  const variance = present.reduce((sum, value) => sum + (value - mean) ** 2, 0) / present.length;
  return { mean, deviation: variance > 0 ? Math.sqrt(variance) : 1 };
};

/** A run that goes on keeps what it began with. @throws RUN_FOLDER where that is not for these columns */
const prepare = (
  columns: readonly Column[],
  train: ArrayLike<number>,
  { preparation }: DatasetContext,
): Preparation => {
  const numeric = columns.filter(({ kind }) => kind === "numeric");
  if (preparation === undefined)
    return Object.fromEntries(numeric.map((column) => [column.name, momentsOf(column, train)]));
  const kept = isObject(preparation) && isObject(preparation.columns) ? preparation.columns : {};
  return Object.fromEntries(
    numeric.map(({ name }) => {
      const moments = kept[name];
      if (isObject(moments) && typeof moments.mean === "number" && typeof moments.deviation === "number")
        return [name, { mean: moments.mean, deviation: moments.deviation }];
      throw new VaelabError("RUN_FOLDER", { message: `the run kept no mean and deviation of the column "${name}"` });
    }),
  );
};

const sourcesOf = (columns: readonly Column[], preparation: Preparation): { values: Source; mask: Source } => {
  const width = columns.reduce((total, column) => total + column.width, 0);
  const each = (write: (column: Column, value: number, out: Float32Array, at: number) => void): Source => ({
    width,
    fill: (row, out, start) => {
      let at = start;
      for (const column of columns) {
        write(column, column.values[row]!, out, at);
        at += column.width;
      }
    },
  });
  const values = each((column, value, out, at) => {
    out.fill(0, at, at + column.width);
    if (Number.isNaN(value)) return;
    if (column.kind === "categorical") out[at + value] = 1;
    else {
      const { mean, deviation } = preparation[column.name] ?? { mean: 0, deviation: 1 };
      out[at] = (value - mean) / deviation;
    }
  });
  return {
    values,
    mask: each(({ width: own }, value, out, at) => out.fill(Number.isNaN(value) ? 0 : 1, at, at + own)),
  };
};

export const csv = defineDataset({
  schema: {
    type: "object",
    title: "a table in CSV",
    description:
      "an example a row, its columns one vector; kinds are declared or inferred, numbers standardized by the training split",
    required: ["type", "file"],
    additionalProperties: false,
    properties: {
      type: { const: "csv" },
      file: pathField("the table, with a header, in UTF-8"),
      testFile: pathField("the official test set, with the same header: the test split is drawn from it alone"),
      delimiter: { type: "string", minLength: 1, maxLength: 1, default: ",", description: "between columns" },
      columns: {
        type: "object",
        default: {},
        additionalProperties: { enum: KINDS },
        description: "kinds by name, where they are not to be inferred: numeric, binary, categorical, count, ignored",
      },
      label: { type: "string", minLength: 1, description: "the column that is a class, and no part of the vector" },
      missing: {
        type: "array",
        items: { type: "string" },
        default: ["", "NA"],
        description: "what stands where a value is missing",
      },
      ...splitFields,
    },
  },
  source: "RFC 4180",
  inspect: (fields, { folder }) => read(fields, folder).description,
  create: (fields, context): Dataset => {
    const { description, counts, columns, label } = read(fields, context.folder);
    const train = rowsOf("csv", description.sizes, counts, fields.seed).train;
    const preparation = prepare(columns, train, context);
    const x = sourcesOf(columns, preparation);
    const classes = label && labelSources(label.values);
    const sources: Sources = { x: x.values, ...(classes && { label: classes.values }) };
    const { partial = [] } = description;
    const masks: Sources = {
      ...(partial.includes("x") && { x: x.mask }),
      ...(classes?.mask && { label: classes.mask }),
    };
    const some = partial.length > 0;
    const dataset = datasetOf("csv", { description, counts }, fields.seed, sources, some ? { masks } : {});
    return withClasses({ ...dataset, preparation: { columns: preparation } }, context.preparation);
  },
});
