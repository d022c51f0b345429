/** Codes on disk, a block of rows at a time: arrays in an .npz, or columns in a .csv. */
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { syncFolder, temporaryName, writing } from "../../storage/files.js";
import { NpzStream, type StreamedArray } from "../../storage/npz-stream.js";
import { sizeOf } from "../../tensor/fields.js";

/** By name, in the order of columns; the first axis of each shape is the rows. */
export type CodeArrays = Readonly<Record<string, StreamedArray>>;
export type CodeRows = Readonly<Record<string, Float32Array | Int32Array>>;

export interface CodeFile {
  append(rows: CodeRows): void;
  /** The file has its name from here on. */
  close(): void;
  /** Without a file, unless it was closed. */
  discard(): void;
}

const npzFile = (path: string, arrays: CodeArrays): CodeFile => {
  const stream = new NpzStream(path, arrays);
  return {
    append: (rows) => {
      for (const name of Object.keys(arrays)) stream.append(name, rows[name]!);
    },
    close: () => stream.close(),
    discard: () => stream.discard(),
  };
};

/** Nine digits tell any two single-precision numbers apart. */
const cell = (value: number): string => String(Number(value.toPrecision(9)));

const csvFile = (path: string, arrays: CodeArrays): CodeFile => {
  const columns = Object.entries(arrays).map(([name, { shape }]) => ({ name, width: sizeOf(shape.slice(1)), shape }));
  const temporary = temporaryName(path);
  let descriptor: number | undefined = writing(path, () => openSync(temporary, "wx"));
  const write = (text: string): void => {
    const bytes = Buffer.from(text);
    writing(path, () => {
      for (let written = 0; written < bytes.length; ) written += writeSync(descriptor!, bytes, written);
    });
  };
  const release = (): void => {
    if (descriptor !== undefined) closeSync(descriptor);
    descriptor = undefined;
  };
  const heads = columns.flatMap(({ name, width, shape }) =>
    shape.length === 1 ? [name] : Array.from({ length: width }, (_, d) => `${name}_${d}`),
  );
  write(`${heads.join(",")}\n`);
  return {
    append: (rows) => {
      const count = rows[columns[0]!.name]!.length / columns[0]!.width;
      const lines = Array.from({ length: count }, (_, row) =>
        columns
          .flatMap(({ name, width }) => Array.from(rows[name]!.subarray(row * width, (row + 1) * width), cell))
          .join(","),
      );
      write(`${lines.join("\n")}\n`);
    },
    close: () =>
      writing(path, () => {
        fsyncSync(descriptor!);
        release();
        renameSync(temporary, path);
        syncFolder(dirname(path));
      }),
    discard: () => {
      release();
      rmSync(temporary, { force: true });
    },
  };
};

export const openCodeFile = (path: string, arrays: CodeArrays): CodeFile =>
  path.endsWith(".csv") ? csvFile(path, arrays) : npzFile(path, arrays);
