/**
 * A table with one example per row: its columns form a vector, and one of them may be a label. Missing values become 0 after
 * standardization, which is the training mean (1 in a positive column, the geometric mean), and are masked: `Split.observed` is 0
 * there.
 */
import { resolve } from "node:path";
import type { DataPlace, Dataset, DatasetContext, DatasetDescription } from "../../contracts/dataset.js";
import { defineDataset } from "../../spec/define.js";
import { withClasses } from "../class-names.js";
import type { Source, Sources } from "../split.js";
import type { Cells } from "./cell-blocks.js";
import { type Column, columnOf, summaryOf, tableField } from "./csv-columns.js";
import { numberOfText } from "./csv-numbers.js";
import { csvFields, optionsKey, optionsOf } from "./csv-options.js";
import { type Preparation, standardize } from "./csv-standardize.js";
import { readTable } from "./csv-table.js";
import { fileAt } from "./data-file.js";
import { type Counts, datasetOf, type FileOptions, rowsOf, sizesOf } from "./file-dataset.js";
import { labelField, labelSources } from "./labels.js";
import { newTable } from "./new-table.js";
import { tableFormat } from "./table-rows.js";

interface Read {
  description: DatasetDescription;
  counts: Counts;
  cells: Cells;
  columns: readonly Column[];
  label: Column | undefined;
}

const read = (fields: FileOptions, { progress, ...place }: DataPlace & Pick<DatasetContext, "progress">): Read => {
  const options = optionsOf(fields);
  const files = [fields.file, fields.testFile].flatMap((name) => name ?? []).map((name) => fileAt(place, String(name)));
  const table = readTable(files, { ...options, progress }, optionsKey(options));
  const parse = numberOfText(options);
  const all = table.columns.map((tally) => {
    const isCertain = tally !== undefined && options.declared.get(tally.name) === "categorical";
    return tally && columnOf(tally, { isCertain, parse });
  });
  const isLabel = (i: number): boolean => table.columns[i]?.isLabel === true;
  const columns = all.filter((column, i): column is Column => column !== undefined && !isLabel(i));
  const label = all.find((_, i) => isLabel(i));
  const [count = 0, official] = table.sizes;
  const counts = { count, ...(official !== undefined && { official }) };
  const isComplete = ({ missing }: Column): boolean => missing === 0;
  const partial = [...(columns.every(isComplete) ? [] : ["x"]), ...(!label || isComplete(label) ? [] : ["label"])];
  const description: DatasetDescription = {
    fields: { x: tableField(columns), ...(label && { label: labelField(label.width, label.categories) }) },
    modeled: "x",
    sizes: sizesOf(fields, counts),
    ...(partial.length > 0 && { partial }),
    ...(label && !isComplete(label) && { missing: { label: label.missing } }),
    columns: all.map((column, i) =>
      column
        ? summaryOf(column, table.cells.rows, isLabel(i) ? "label" : undefined)
        : { name: table.names[i]!, kind: "ignored" },
    ),
  };
  return { description, counts, cells: table.cells, columns, label };
};

const sourcesOf = (
  columns: readonly Column[],
  cells: Cells,
  preparation: Preparation,
): { values: Source; mask: Source } => {
  const width = columns.reduce((total, column) => total + column.width, 0);
  const each = (write: (column: Column, value: number, out: Float32Array, at: number) => void): Source => ({
    width,
    fill: (row, out, start) => {
      let at = start;
      for (const column of columns) {
        write(column, cells.at(row, column.place), out, at);
        at += column.width;
      }
    },
  });
  const values = each(({ name, kind, width: own, elements }, value, out, at) => {
    out.fill(kind === "positive" && Number.isNaN(value) ? 1 : 0, at, at + own);
    if (Number.isNaN(value)) return;
    if (elements) out[at + elements[value]!] = 1;
    else {
      const { mean, deviation } = preparation.get(name) ?? { mean: 0, deviation: 1 };
      out[at] = (value - mean) / deviation;
    }
  });
  return {
    values,
    mask: each(({ width: own }, value, out, at) => out.fill(Number.isNaN(value) ? 0 : 1, at, at + own)),
  };
};

const classesOf = ({ place, elements }: Column, cells: Cells): Float64Array =>
  Float64Array.from({ length: cells.rows }, (_, row) => {
    const code = cells.at(row, place);
    return Number.isNaN(code) ? code : elements![code]!;
  });

export const csv = defineDataset({
  schema: {
    type: "object",
    title: "a table in CSV",
    description:
      "one example per row, its columns joined into a vector; column kinds are declared or inferred, and numbers are scaled with statistics of the training split",
    required: ["type", "file"],
    additionalProperties: false,
    properties: { type: { const: "csv" }, ...csvFields },
  },
  source: "RFC 4180",
  unseen: (fields, kept) => {
    const table = tableFormat(fields, kept);
    const label = fields.label === undefined ? undefined : String(fields.label);
    const needed = table.columns.filter((name) => name !== label);
    return {
      table,
      open: (path) => newTable({ name: path, path: resolve(path) }, optionsOf({ ...fields, file: path }), needed),
    };
  },
  inspect: (fields, context) => read(fields, context).description,
  create: (fields, context): Dataset => {
    const { description, counts, cells, columns, label } = read(fields, context);
    const train = rowsOf("csv", description.sizes, counts, fields.seed).train;
    const preparation = standardize(columns, cells, train, { ...context, scale: fields.scale });
    const x = sourcesOf(columns, cells, preparation);
    const classes = label && labelSources(classesOf(label, cells));
    const sources: Sources = { x: x.values, ...(classes && { label: classes.values }) };
    const { partial = [] } = description;
    const masks: Sources = {
      ...(partial.includes("x") && { x: x.mask }),
      ...(classes?.mask && { label: classes.mask }),
    };
    const some = partial.length > 0;
    const dataset = datasetOf("csv", { description, counts }, fields.seed, sources, some ? { masks } : {});
    return withClasses({ ...dataset, preparation: { columns: Object.fromEntries(preparation) } }, context.preparation);
  },
});
