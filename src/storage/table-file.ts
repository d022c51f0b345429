/** Writes rows of a table, some at a time, in the format of the table that a run was trained on. */
import type { Cell, TableFormat } from "../contracts/unseen.js";
import { openStreamFile, type StreamFile } from "./stream-file.js";

export interface TableFile extends Pick<StreamFile, "close" | "discard"> {
  append(rows: readonly (readonly Cell[])[]): void;
}

/** @throws NOT_WRITABLE */
export const openTableFile = (
  path: string,
  columns: readonly string[],
  { delimiter, decimal }: Pick<TableFormat, "delimiter" | "decimal">,
): TableFile => {
  const cellText = (cell: Cell): string => {
    if (cell === null || cell === undefined) return "";
    const text = typeof cell === "number" ? String(cell).replace(".", decimal) : String(cell);
    const isPlain = !text.includes(delimiter) && !/["\r\n]/.test(text);
    return isPlain ? text : `"${text.replaceAll('"', '""')}"`;
  };
  const lineOf = (cells: readonly Cell[]): string => `${cells.map(cellText).join(delimiter)}\n`;
  const file = openStreamFile(path);
  file.write(lineOf(columns));
  return { append: (rows) => file.write(rows.map(lineOf).join("")), close: file.close, discard: file.discard };
};
