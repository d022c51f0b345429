/** Collects the rows of a CSV file during the scan: the first defines the columns, the others hold cells. */
import { type CellBlocks, cellBlocks } from "./cell-blocks.js";
import { type CellReaderOptions, cellReader, type ReadCell } from "./csv-cells.js";
import { columnNames, type HeaderOptions, MOST_COLUMNS } from "./csv-header.js";
import type { CellSink } from "./csv-scanner.js";
import { type Counts, newCounts, type Tally } from "./csv-tally.js";
import { damaged } from "./data-file.js";

export interface RowOptions extends HeaderOptions, CellReaderOptions {
  /** What to keep, by column; undefined for ignored columns. @throws DATA, SPEC_INVALID */
  choose(names: readonly string[], file: string): readonly (Tally | undefined)[];
}
/** Content read so far, from one file or from several files with the same columns. */
export interface Rows {
  names: readonly string[];
  columns: readonly (Tally | undefined)[];
  counts: Counts;
  cells: CellBlocks;
}

export interface RowReader extends CellSink {
  /** @param done bytes read, of `size`. @throws DATA if the rest will not fit into memory */
  assertRoom(done: number, size: number): void;
  finish(): Rows;
}

/** Number of consecutive empty lines. */
const MOST_EMPTY = 2 ** 16;
const EMPTY = Buffer.alloc(0);
const columnsText = (count: number): string => `${count} column${count === 1 ? "" : "s"}`;

const rowsOf = (names: readonly string[], file: string, options: RowOptions): Rows => {
  const columns = options.choose(names, file);
  const kept = columns.filter((column) => column !== undefined).length;
  return { names, columns, counts: newCounts(kept), cells: cellBlocks(kept, file) };
};

/** @param before content of the first file, if this is the second. */
export const rowReader = (file: string, options: RowOptions, before: Rows | undefined): RowReader => {
  const { header } = options;
  const start = before?.cells.rows ?? 0;
  let read: ReadCell;
  /** Cells of the first row so far. */
  let first: string[] | undefined = [];
  let rows: Rows | undefined;
  let position = 0;
  let emptyLines = 0;

  const keep = (bytes: Buffer, start: number, end: number, row: number): void => {
    const { columns, cells } = rows!;
    if (position === 0) cells.beginRow();
    const column = columns[position++];
    if (column) cells.set(column.place, read(column, bytes, start, end, row));
  };
  const endRow = (row: number): void => {
    const width = rows!.columns.length;
    if (position !== width) {
      const message = `it has ${columnsText(position)}, but the ${header ? "header" : "first row"} has ${width}`;
      const remedy = "If the first column holds row names, name it in the header too.";
      throw damaged(`${file} row ${row}`, message, header && position === width + 1 ? { remedy } : {});
    }
    position = 0;
  };
  /** Empty lines at the end of a file are ignored; before another row they are missing values of a single column. */
  const flushEmptyLines = (row: number): void => {
    if (emptyLines === 0) return;
    if (!rows || rows.columns.length > 1)
      throw damaged(`${file} row ${row - emptyLines}`, "the line is empty", { remedy: "Remove it." });
    for (let line = row - emptyLines; line < row; line++) {
      keep(EMPTY, 0, 0, line);
      endRow(line);
    }
    emptyLines = 0;
  };
  const begin = (cells: readonly string[]): void => {
    first = undefined;
    const names = columnNames(cells, file, options);
    rows = before ?? rowsOf(names, file, options);
    read = cellReader(file, options, rows.counts);
    if (names.length !== rows.names.length || names.some((name, i) => name !== rows!.names[i]))
      throw damaged(`${file} row 1`, "its columns differ from those of the first file");
    if (header) return;
    for (const cell of cells) {
      const bytes = Buffer.from(cell);
      keep(bytes, 0, bytes.length, 1);
    }
    endRow(1);
  };

  return {
    cell: (bytes, start, end, row) => {
      if (emptyLines > 0) flushEmptyLines(row);
      if (!first) return keep(bytes, start, end, row);
      first.push(bytes.toString("utf8", start, end).trim());
      if (first.length > MOST_COLUMNS)
        throw damaged(`${file} row 1`, `it has more than ${MOST_COLUMNS} columns, the maximum`);
    },
    endRow: (row) => (first ? begin(first) : endRow(row)),
    emptyLine: (row) => {
      if (++emptyLines > MOST_EMPTY) throw damaged(`${file} row ${row}`, `it has ${emptyLines} empty lines`);
    },
    assertRoom: (done, size) => rows?.cells.assertRoom(((rows.cells.rows - start) * (size - done)) / done),
    finish: () => {
      if (!rows) throw damaged(file, "the file has only empty lines");
      return rows;
    },
  };
};
