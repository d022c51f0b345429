/**
 * Codes on disk, one block of rows at a time: arrays in an .npz, or columns in a .csv. Classes are codes beside an array of
 * their names in the one, and names in the other. A missing value is -1 (NaN among real numbers) beside a mask in the one, and
 * an empty cell in the other.
 */
import { mapValues } from "../../numerics/records.js";
import { packText } from "../../storage/npy.js";
import { NAMES, OBSERVED } from "../../storage/npz.js";
import { NpzStream, type StreamedArray } from "../../storage/npz-stream.js";
import { openStreamFile } from "../../storage/stream-file.js";
import { sizeOf } from "../../tensor/fields.js";

export interface CodeArray extends StreamedArray {
  /** Names of the classes, in the order of their codes. */
  names?: readonly string[];
  /** Whether rows may lack it: their masks then come as the rows of `NAME.observed`, 1 where a value is. */
  partial?: boolean;
}
/** By name, in the order of columns; the first axis of each shape is the rows. */
export type CodeArrays = Readonly<Record<string, CodeArray>>;
export type CodeRows = Readonly<Record<string, Float32Array | Int32Array | Uint8Array>>;

export interface CodeFile {
  /** Shapes of what the file holds, by name. */
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  append(rows: CodeRows): void;
  /** Renames the file to its final name. */
  close(): void;
  /** Discards the file unless it was closed. */
  discard(): void;
}

const npzFile = (path: string, arrays: CodeArrays): CodeFile => {
  const texts = Object.fromEntries(
    Object.entries(arrays).flatMap(([name, { names }]) =>
      names ? [[name + NAMES, { names, ...packText(names) }]] : [],
    ),
  );
  const streamed: Record<string, StreamedArray> = {};
  for (const [name, { dtype, shape, partial }] of Object.entries(arrays)) {
    streamed[name] = { dtype, shape };
    if (partial) streamed[name + OBSERVED] = { dtype: "|b1", shape };
  }
  const stream = new NpzStream(path, {
    ...streamed,
    ...mapValues(texts, ({ names, dtype }) => ({ dtype, shape: [names.length] })),
  });
  for (const [name, { bytes }] of Object.entries(texts)) stream.append(name, bytes);
  return {
    shapes: mapValues(streamed, ({ shape }) => shape),
    append: (rows) => {
      for (const name of Object.keys(streamed)) stream.append(name, rows[name]!);
    },
    close: () => stream.close(),
    discard: () => stream.discard(),
  };
};

/** Nine digits distinguish any two single-precision numbers. */
const numberCell = (value: number): string => String(Number(value.toPrecision(9)));
/** RFC 4180. */
const textCell = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

const csvFile = (path: string, arrays: CodeArrays): CodeFile => {
  const columns = Object.entries(arrays).map(([name, { shape, names }]) => ({
    name,
    width: sizeOf(shape.slice(1)),
    shape,
    cell: (value: number): string => (names ? textCell(names[value] ?? "") : numberCell(value)),
  }));
  const file = openStreamFile(path);
  const heads = columns.flatMap(({ name, width, shape }) =>
    shape.length === 1 ? [name] : Array.from({ length: width }, (_, d) => `${name}_${d}`),
  );
  file.write(`${heads.map(textCell).join(",")}\n`);
  return {
    shapes: mapValues(arrays, ({ shape }) => shape),
    append: (rows) => {
      const count = rows[columns[0]!.name]!.length / columns[0]!.width;
      const cellsOf = ({ name, width, cell }: (typeof columns)[number], row: number): string[] => {
        const observed = rows[name + OBSERVED];
        const values = rows[name]!.subarray(row * width, (row + 1) * width);
        return Array.from(values, (value, i) => (observed?.[row * width + i] === 0 ? "" : cell(value)));
      };
      const lines = Array.from({ length: count }, (_, row) =>
        columns.flatMap((column) => cellsOf(column, row)).join(","),
      );
      file.write(`${lines.join("\n")}\n`);
    },
    close: file.close,
    discard: file.discard,
  };
};

export const openCodeFile = (path: string, arrays: CodeArrays): CodeFile =>
  path.endsWith(".csv") ? csvFile(path, arrays) : npzFile(path, arrays);
