/**
 * Reads a CSV file, and the official test file if given, in one pass: the kept columns as numbers, and statistics of each.
 * Errors give the row as a spreadsheet counts it.
 */
import { statSync } from "node:fs";
import type { Cells } from "./cell-blocks.js";
import { type RowOptions, type Rows, rowReader } from "./csv-rows.js";
import { csvScanner } from "./csv-scanner.js";
import { type Counted, countedOf } from "./csv-tally.js";
import { accessing, type DataFile, damaged } from "./data-file.js";
import { readText } from "./text-chunks.js";

export interface Table {
  /** Rows of the second file follow those of the first. */
  cells: Cells;
  /** Rows of each file. */
  sizes: readonly number[];
  names: readonly string[];
  /** By column; undefined for ignored columns. */
  columns: readonly (Counted | undefined)[];
}
export interface TableOptions extends RowOptions {
  /** Receives progress if reading takes more than two seconds. */
  progress?: ((line: string) => void) | undefined;
}

/** Milliseconds before the first line of progress, and between lines. */
const FIRST_LINE = 2_000;
const NEXT_LINE = 10_000;

const progressLines = (file: string, tell: TableOptions["progress"]) => {
  let next = performance.now() + FIRST_LINE;
  return (done: number, size: number): void => {
    const now = performance.now();
    if (now < next) return;
    next = now + NEXT_LINE;
    tell?.(`reading ${file}: ${Math.floor((100 * done) / size)} % of ${Math.ceil(size / 2 ** 20)} MiB`);
  };
};

const readFile = (file: DataFile, options: TableOptions, before: Rows | undefined): Rows => {
  const rows = rowReader(file.name, options, before);
  const scanner = csvScanner(file.name, options.delimiter.charCodeAt(0), rows);
  const progress = progressLines(file.name, options.progress);
  readText(file, {
    push: scanner.push,
    progress: (done, size) => {
      rows.assertRoom(done, size);
      progress(done, size);
    },
    end: scanner.end,
  });
  return rows.finish();
};

const parse = (files: readonly DataFile[], options: TableOptions): Table => {
  const sizes: number[] = [];
  let rows: Rows | undefined;
  for (const file of files) {
    const before = rows?.cells.rows ?? 0;
    rows = readFile(file, options, rows);
    const count = rows.cells.rows - before;
    if (count === 0) throw damaged(file.name, `the file has ${options.header ? "a header and " : ""}no rows`);
    sizes.push(count);
  }
  const { cells, names, counts, columns } = rows!;
  return { cells, sizes, names, columns: columns.map((tally) => tally && countedOf(tally, counts)) };
};

/** Cache of recent tables, because a spec is inspected before it is built. */
const known = new Map<string, Table>();
const KEPT = 2;

/** @param key everything else that the table depends on. @throws DATA */
export const readTable = (files: readonly DataFile[], options: TableOptions, key: string): Table => {
  const stats = files.map((file) => {
    const { size, mtimeMs } = accessing(file, () => statSync(file.path));
    return [file, size, mtimeMs];
  });
  const full = JSON.stringify([stats, key]);
  const table = known.get(full) ?? parse(files, options);
  known.delete(full);
  known.set(full, table);
  for (const oldest of [...known.keys()].slice(0, -KEPT)) known.delete(oldest);
  return table;
};
