/** Files that receive what was computed of examples, some at a time. */
import { extname } from "node:path";
import type { Cell, ExampleFile, TableFormat } from "../../contracts/unseen.js";
import { VaelabError } from "../../errors.js";
import { concatenated } from "../../numerics/float-arrays.js";
import { mapValues } from "../../numerics/records.js";
import { openTableFile, type TableFile } from "../../storage/table-file.js";
import { sizeOf } from "../../tensor/fields.js";
import { type CodeArrays, type CodeRows, openCodeFile } from "../explore/code-files.js";
import { categoryNames } from "../explore/encode.js";
import { writeRows } from "../explore/write-rows.js";
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

/** Images that a picture holds, and of a row. */
const MOST_PICTURED = 500;
const IN_A_ROW = 32;

/** One picture: rows of examples, and below each row what was computed of it. */
const pictureSink = (path: string, { loaded, modeled }: OpenedModel, count: number): Sink => {
  if (count > MOST_PICTURED)
    throw new VaelabError("USAGE", {
      where: `--out ${path}`,
      message: `there are ${count} examples, and a picture holds at most ${MOST_PICTURED}`,
      remedy: "Name an .npz.",
    });
  const above: Float32Array[] = [];
  const below: Float32Array[] = [];
  const columns = Math.min(count, IN_A_ROW);
  return {
    append: (computed, { examples }) => {
      above.push(examples.fields[modeled]!);
      below.push(Float32Array.from(computed[modeled]!.data));
    },
    close: () => {
      const [given, found] = [concatenated(above), concatenated(below)];
      const width = (given.length / count) * columns;
      const rowOf = (all: Float32Array, row: number): Float32Array => {
        const whole = new Float32Array(width);
        whole.set(all.subarray(row * width, (row + 1) * width));
        return whole;
      };
      const rows = Array.from({ length: Math.ceil(count / columns) }, (_, row) => [
        rowOf(given, row),
        rowOf(found, row),
      ]);
      const cells = { count: 2 * rows.length * columns, columns };
      writeRows(loaded.trained, path, concatenated(rows.flat()), cells);
    },
    discard: () => {},
  };
};

/** @throws USAGE for an ending that does not go with the input */
const assertEnding = (path: string, endings: readonly string[], reason: string): void => {
  if (endings.includes(extname(path))) return;
  throw new VaelabError("USAGE", {
    where: `--out ${path}`,
    message: reason,
    remedy: `Name a ${endings.join(" or ")}.`,
  });
};

export const sinkOf = (
  path: string,
  model: OpenedModel,
  file: ExampleFile,
  rows: "numbers" | "examples",
  completes: boolean,
): Sink => {
  const { table } = model.options.unseen;
  if (file.kind === "values") {
    const isPicture = rows === "examples" && model.fields[model.modeled]!.kind === "image";
    assertEnding(path, [".npz", ".csv", ...(isPicture ? [".png"] : [])], "that is no kind of file for these results");
    return extname(path) === ".png" ? pictureSink(path, model, file.count) : arraySink(path, model, file.count);
  }
  const reason = "rows of a table are written as a table, because their number is not known before they are read";
  assertEnding(path, [".csv"], reason);
  return rows === "numbers" || !table
    ? arraySink(path, model, 0)
    : tableSink(path, model, { table, columnsOf: file.columns, completes });
};
