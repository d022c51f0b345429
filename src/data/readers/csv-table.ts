/** A CSV file (RFC 4180) as columns of text, with what is wrong named by row, as a spreadsheet counts them: the header is row 1. */
import { isUtf8 } from "node:buffer";
import { statSync } from "node:fs";
import { createRequire } from "node:module";
import type Papa from "papaparse";
import { accessing, type DataFile, damaged, readWhole } from "./data-file.js";

export interface Table {
  /** The file's, for messages. */
  name: string;
  header: readonly string[];
  /** By column, then by example. */
  columns: readonly (readonly string[])[];
  count: number;
}
/** The row of an example, for messages. */
export const rowNumber = (example: number): number => example + 2;

/** Every cell is held as text for a while. */
const LARGEST = 128 * 2 ** 20;

const isText = (bytes: Uint8Array, stream: boolean): boolean => {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream });
    return true;
  } catch {
    return false;
  }
};

/** Where the first character begins that is none: a prefix is sound as long as none has ended, so it is found by halving. */
const firstWrongByte = (bytes: Uint8Array): number => {
  let [sound, length] = [0, bytes.length];
  while (sound < length) {
    const middle = Math.ceil((sound + length) / 2);
    if (isText(bytes.subarray(0, middle), true)) sound = middle;
    else length = middle - 1;
  }
  while (!isText(bytes.subarray(0, sound), false)) sound--;
  return sound;
};

const textOf = (file: DataFile): string => {
  const bytes = readWhole(file, "Save it as .npy: such a file is read in place.", LARGEST);
  if (bytes.length === 0) throw damaged(file.name, "the file is empty");
  if (!isUtf8(bytes)) {
    const remedy = "Save it as UTF-8.";
    throw damaged(`${file.name} byte ${firstWrongByte(bytes)}`, "the text is not UTF-8", { remedy });
  }
  return new TextDecoder().decode(bytes);
};

/** The header's names, each there and each once. */
const checkHeader = (header: readonly string[], name: string): void => {
  const seen = new Set<string>();
  for (const [i, column] of header.entries()) {
    if (column.trim() === "") throw damaged(`${name} row 1`, `the header has no name for column ${i + 1}`);
    if (seen.has(column)) throw damaged(`${name} row 1`, `the header names the column ${JSON.stringify(column)} twice`);
    seen.add(column);
  }
};

const QUOTES: Readonly<Record<string, string>> = {
  MissingQuotes: "a quote is opened and never closed",
  InvalidQuotes: "a quoted cell goes on after its closing quote",
};

const parse = (file: DataFile, delimiter: string): Table => {
  // Loaded when a table is read: naming this data set in a spec should cost nothing.
  const { parse: parseText } = createRequire(import.meta.url)("papaparse") as typeof Papa;
  const { data, errors } = parseText<string[]>(textOf(file), { delimiter });
  const [error] = errors;
  if (error)
    throw damaged(`${file.name} row ${(error.row ?? 0) + 1}`, QUOTES[error.code] ?? error.message.toLowerCase());
  // A line end at the end of the file begins no row.
  if (data.at(-1)?.length === 1 && data.at(-1)?.[0] === "") data.pop();
  const [header = [], ...rows] = data;
  checkHeader(header, file.name);
  for (const [i, row] of rows.entries())
    if (row.length !== header.length) {
      const message = `it has ${row.length} column${row.length === 1 ? "" : "s"}, and the header ${header.length}`;
      throw damaged(`${file.name} row ${rowNumber(i)}`, message);
    }
  if (rows.length === 0) throw damaged(file.name, "the file has a header and no rows");
  return { name: file.name, header, columns: header.map((_, j) => rows.map((row) => row[j]!)), count: rows.length };
};

/** The last tables read: a spec is inspected, then built. */
const known = new Map<string, Table>();
const KEPT = 2;

/** @throws DATA */
export const readTable = (file: DataFile, delimiter: string): Table => {
  const { size, mtimeMs } = accessing(file, () => statSync(file.path));
  const key = JSON.stringify([file, delimiter, size, mtimeMs]);
  const table = known.get(key) ?? parse(file, delimiter);
  known.delete(key);
  known.set(key, table);
  for (const oldest of [...known.keys()].slice(0, -KEPT)) known.delete(oldest);
  return table;
};
