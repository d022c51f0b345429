/** A table that is read once, from the first row to the last, without a thought for splits: rows as text, with their numbers. */
import type { ExampleFile, NumberedRow, TableRow } from "../../contracts/unseen.js";
import { columnNames } from "./csv-header.js";
import type { CsvOptions } from "./csv-options.js";
import { csvScanner } from "./csv-scanner.js";
import { type DataFile, damaged } from "./data-file.js";
import { textSteps } from "./text-chunks.js";

/** @param needed columns that the file must have */
export const newTable = (
  file: DataFile,
  { delimiter, header, names }: CsvOptions,
  needed: readonly string[],
): Extract<ExampleFile, { kind: "table" }> => {
  let columns: readonly string[] = [];
  const begin = (cells: readonly string[]): void => {
    columns = columnNames(cells, file.name, { header, names, delimiter });
    const absent = needed.filter((name) => !columns.includes(name));
    if (absent.length > 0)
      throw damaged(
        `${file.name} row 1`,
        `the columns ${absent.map((name) => JSON.stringify(name)).join(", ")} are missing`,
        {
          remedy: "Add them; their cells may be empty where a value is missing.",
        },
      );
  };
  const rowOf = (cells: readonly string[], number: number): NumberedRow => ({
    number,
    cells: Object.fromEntries(columns.map((name, i) => [name, cells[i]])) as TableRow,
    ...(cells.length !== columns.length && {
      complaint: `it has ${cells.length} cells, but the header has ${columns.length}`,
    }),
  });

  return {
    kind: "table",
    columns: () => columns,
    *rows() {
      let cells: string[] = [];
      let found: NumberedRow[] = [];
      let done = 0;
      let begun = false;
      const scanner = csvScanner(file.name, delimiter.charCodeAt(0), {
        cell: (bytes, start, end) => void cells.push(bytes.toString("utf8", start, end)),
        emptyLine: () => {},
        endRow: (number) => {
          const isHeader = !begun && header;
          if (!begun) begin(cells);
          begun = true;
          if (!isHeader) found.push(rowOf(cells, number));
          cells = [];
        },
      });
      const take = (): { rows: readonly NumberedRow[]; done: number } => {
        const rows = found;
        found = [];
        return { rows, done };
      };
      const steps = textSteps(file, {
        push: scanner.push,
        progress: (read, size) => {
          done = read / size;
        },
        end: scanner.end,
      });
      for (const _ of steps) if (found.length > 0) yield take();
      if (!begun) throw damaged(file.name, "the file has no rows");
      if (found.length > 0) yield take();
    },
  };
};
