/** Columns of plain text. */

/** Pads each column to its widest text; the columns named are aligned to the left. */
export const align = (rows: readonly (readonly string[])[], left: ReadonlySet<number>): string[] => {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => [...(row[column] ?? "")].length)));
  const pad = (text: string, column: number): string => {
    const space = " ".repeat((widths[column] ?? 0) - [...text].length);
    return left.has(column) ? text + space : space + text;
  };
  return rows.map((row) => row.map(pad).join("  ").trimEnd());
};
/** A line under a table's head, as long as its longest row. */
export const rule = (lines: readonly string[]): string =>
  "─".repeat(Math.max(0, ...lines.map((line) => [...line].length)));
