/** Output of commands: results go to stdout, as text or as one JSON object per line; everything else goes to stderr. */

import { randomBytes } from "node:crypto";
import { describeProblem, type Problem } from "../errors.js";
import { maximum } from "../numerics/lists.js";
import { escapeControls } from "../storage/control-characters.js";

export interface OutputOptions {
  json?: boolean | undefined;
}

/** JSON has no NaN or infinities, so they are written as strings, as in history.jsonl. */
const printable = (_key: string, value: unknown): unknown =>
  typeof value === "number" && !Number.isFinite(value) ? String(value) : value;

/**
 * Markers that `paint` puts around text instead of terminal sequences, which would be escaped. They are random, so no file
 * can contain them.
 */
const PAINT = `${randomBytes(8).toString("hex")}:`;
const PAINTED = new RegExp(`${PAINT}(\\d+);`, "g");
/** Escapes all control characters except line breaks, and applies colors. */
const onTerminal = (text: string): string =>
  escapeControls(text, "\n").replace(PAINTED, (_, code: string) => `\u001b[${code}m`);

/** A multi-line text, or single lines. */
export type Text = string | readonly string[];
const linesOf = (text: Text): string =>
  onTerminal(typeof text === "string" ? text : text.map((line) => escapeControls(line)).join("\n"));

export const printLine = (text: Text): void => {
  process.stdout.write(`${linesOf(text)}\n`);
};
export const printRecord = (record: object): void => printLine(JSON.stringify(record, printable));
export const note = (text: string): void => {
  process.stderr.write(`${onTerminal(text)}\n`);
};

/** Prints a result as text or JSON; the text is built only if needed. */
export const printResult = ({ json }: OutputOptions, record: object, text: () => Text): void => {
  if (json) printRecord(record);
  else printLine(text());
};

/** Prints one line per problem on stderr; with --json also one object each on stdout. */
export const printProblems = (problems: readonly Problem[], code: string, json: boolean): void => {
  for (const problem of problems) {
    note(escapeControls(describeProblem(problem)));
    if (json) printRecord({ type: "error", code, ...problem });
  }
};

const COLORS = { red: 31, yellow: 33, green: 32, bold: 1, dim: 2 } as const;
/** Colors only on a terminal, and not if NO_COLOR is set (no-color.org). */
export const paint = (color: keyof typeof COLORS, text: string, stream: NodeJS.WriteStream = process.stderr): string =>
  stream.isTTY && !process.env.NO_COLOR ? `${PAINT}${COLORS[color]};${text}${PAINT}0;` : text;

/**
 * A closed pipe (`vaelab list | head -1`), a full disk or a closed terminal does not end a command: it loses output but no
 * results. Writing continues as soon as possible.
 */
export const outliveOutput = (): void => {
  let told = false;
  const handle = (isResult: boolean) => (error: NodeJS.ErrnoException) => {
    if (error.syscall !== "write" && error.code !== "ERR_STREAM_DESTROYED") throw error;
    if (!isResult || error.code === "EPIPE" || told) return;
    told = true;
    note(`cannot write to stdout (${error.code}): output is lost`);
  };
  process.stdout.on("error", handle(true));
  process.stderr.on("error", handle(false));
};

/** Columns padded to their widest cell; numbers are aligned to the right. */
export const textTable = (titles: readonly string[], cells: readonly (readonly string[])[]): string => {
  const header = titles.map((title) => escapeControls(title));
  const rows = cells.map((row) => row.map((cell) => escapeControls(cell)));
  const isNumeric = header.map(
    (_, column) => rows.length > 0 && rows.every((row) => /^(-?[\d.,]+(e[-+]?\d+)?|)$/.test(row[column] ?? "")),
  );
  const widths = header.map((title, column) =>
    maximum([title, ...rows.map((row) => row[column] ?? "")].map(({ length }) => length)),
  );
  const format = (row: readonly string[]): string =>
    widths
      .map((width, column) =>
        isNumeric[column] ? (row[column] ?? "").padStart(width) : (row[column] ?? "").padEnd(width),
      )
      .join("  ")
      .trimEnd();
  return [format(header), widths.map((width) => "-".repeat(width)).join("  "), ...rows.map(format)].join("\n");
};
