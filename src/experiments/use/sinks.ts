/** Files that receive what was computed of examples, some at a time. */
import { extname } from "node:path";
import type { Cell, ExampleFile, TableFormat } from "../../contracts/unseen.js";
import { VaelabError } from "../../errors.js";
import { mapValues } from "../../numerics/records.js";
import { openTableFile, type TableFile } from "../../storage/table-file.js";
import { sizeOf } from "../../tensor/fields.js";
import { type CodeArrays, type CodeRows, openCodeFile } from "../explore/code-files.js";
import { categoryNames } from "../explore/encode.js";
import type { NewExamples } from "./new-examples.js";
import type { OpenedModel } from "./open-run.js";

/** A file that receives what was computed of some examples. */
export interface Sink {
  append(computed: Computed, of: NewExamples): void;
  close(): void;
  discard(): void;
}
/** What was computed: numbers by array, or values of the generated fields. */
export type Computed = Readonly<Record<string, { shape: readonly number[]; data: Float32Array | Int32Array }>>;

const INDEX = "row";

/** Arrays, or columns of numbers beside the number of the row. */
const arraySink = (path: string, model: OpenedModel, count: number): Sink => {
  let file: ReturnType<typeof openCodeFile> | undefined;
  const describe = (computed: Computed): CodeArrays => ({
    [INDEX]: { dtype: "<i4", shape: [count] },
    ...Object.fromEntries(
      Object.entries(computed).map(
        ([
          name,
          {
            shape: [, ...shape],
            data,
          },
        ]) => {
          const names = data instanceof Int32Array ? categoryNames(model.loaded.trained, name) : undefined;
          const own = data instanceof Int32Array && sizeOf(shape) === 1 ? [count] : [count, ...shape];
          return [
            name,
            { dtype: data instanceof Int32Array ? "<i4" : "<f4", shape: own, ...(names && { names }) } as const,
          ];
        },
      ),
    ),
  });
  return {
    append: (computed, { numbers }) => {
      file ??= openCodeFile(path, describe(computed));
      const rows: Record<string, CodeRows[string]> = { [INDEX]: numbers };
      for (const [name, { data }] of Object.entries(computed)) rows[name] = data;
      file.append(rows);
    },
    close: () => file?.close(),
    discard: () => file?.discard(),
  };
};

/**
 * The rows of a file in its own columns, after their numbers: cells of what was computed in place of those of the input.
 * @param completes only cells that the input lacks are replaced
 */
const tableSink = (
  path: string,
  { fields }: OpenedModel,
  { table, columnsOf, completes }: { table: TableFormat; columnsOf: () => readonly string[]; completes: boolean },
): Sink => {
  let file: TableFile | undefined;
  const rowOf = (arrays: Readonly<Record<string, Float32Array>>, row: number) =>
    mapValues(arrays, (data, name) => {
      const width = sizeOf(fields[name]!.shape);
      return data.subarray(row * width, (row + 1) * width);
    });
  return {
    append: (computed, { numbers, cells = [], examples }) => {
      const columns = columnsOf();
      file ??= openTableFile(path, [columns.includes(INDEX) ? `input ${INDEX}` : INDEX, ...columns], table);
      const values = mapValues(computed, ({ data }) => Float32Array.from(data));
      // A field without a mask is there whole.
      const masks = mapValues(values, (data, name) => examples.observed[name] ?? new Float32Array(data.length).fill(1));
      file.append(
        Array.from(numbers, (number, row) => {
          const found = table.present(rowOf(values, row), completes ? rowOf(masks, row) : undefined);
          return [number, ...columns.map((column): Cell => found[column] ?? cells[row]?.[column])];
        }),
      );
    },
    close: () => file?.close(),
    discard: () => file?.discard(),
  };
};

export const sinkOf = (
  path: string,
  model: OpenedModel,
  file: ExampleFile,
  rows: "numbers" | "examples",
  completes: boolean,
): Sink => {
  const { table } = model.options.unseen;
  if (file.kind === "values") return arraySink(path, model, file.count);
  if (extname(path) !== ".csv" && extname(path) !== ".tsv")
    throw new VaelabError("USAGE", {
      where: `--out ${path}`,
      message: "rows of a table are written as a table, because their number is not known before they are read",
      remedy: "Name a .csv.",
    });
  return rows === "numbers" || !table
    ? arraySink(path, model, 0)
    : tableSink(path, model, { table, columnsOf: file.columns, completes });
};
