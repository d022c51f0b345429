/** Columns of plain text. */
import { maximum } from "../../numerics/lists.js";
import { escapeControls } from "../../storage/control-characters.js";

/** Pads each column to its widest text; the columns named are aligned to the left. */
export const align = (cells: readonly (readonly string[])[], left: ReadonlySet<number>): string[] => {
  const rows = cells.map((row) => row.map((cell) => escapeControls(cell)));
  const widths = (rows[0] ?? []).map((_, column) => maximum(rows.map((row) => [...(row[column] ?? "")].length)));
  const pad = (text: string, column: number): string => {
    const space = " ".repeat((widths[column] ?? 0) - [...text].length);
    return left.has(column) ? text + space : space + text;
  };
  return rows.map((row) => row.map(pad).join("  ").trimEnd());
};
/** Joins lines, with line breaks inside names and notes escaped. */
export const joinLines = (lines: readonly string[]): string => lines.map((line) => escapeControls(line)).join("\n");

/** A rule below a table's head, as long as the longest row. */
export const rule = (lines: readonly string[]): string =>
  "─".repeat(maximum([0, ...lines.map((line) => [...line].length)]));
