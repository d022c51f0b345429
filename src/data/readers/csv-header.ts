/** Column names of a table: from the header, from the spec, or c0, c1, ... without a header. */
import { VaelabError } from "../../errors.js";
import { NUMBER } from "../class-names.js";
import { damaged } from "./data-file.js";

export interface HeaderOptions {
  /** Whether the first row holds the names. */
  header: boolean;
  names: readonly string[] | undefined;
  delimiter: string;
}

/** Maximum number of columns. */
export const MOST_COLUMNS = 2 ** 18;

const SEPARATORS: readonly [separator: string, name: string][] = [
  [";", '";"'],
  ["\t", "a tab"],
  ["|", '"|"'],
  [",", '","'],
];
const quoted = (delimiter: string): string => `"delimiter": ${JSON.stringify(delimiter)}`;

/** A single column whose name contains a separator indicates the wrong delimiter. */
const refuseOneColumn = (first: string, row: string): void => {
  const excel = /^sep=(.)$/i.exec(first)?.[1];
  if (excel)
    throw damaged(row, `"${first}" is a directive for Excel, not a header`, {
      remedy: `Delete it, and set ${quoted(excel)}.`,
    });
  const found = SEPARATORS.find(([separator]) => first.includes(separator));
  if (!found) return;
  const [separator, name] = found;
  const message = `the row is read as one column, but contains ${name}: ${JSON.stringify(first)}`;
  throw damaged(row, message, { remedy: `Set ${quoted(separator)}.` });
};

/** Numbers that count from 0 or 1, or that rise or fall, are names; other numbers are an example. */
const looksLikeData = (names: readonly string[]): boolean => {
  const numbers = names.filter((name) => name !== "").map((name) => (NUMBER.test(name) ? Number(name) : Number.NaN));
  if (numbers.length === 0 || numbers.some(Number.isNaN)) return false;
  const [start] = numbers;
  if ((start === 0 || start === 1) && numbers.every((value, i) => value === start + i)) return false;
  const rises = numbers.every((value, i) => i === 0 || value > numbers[i - 1]!);
  const falls = numbers.every((value, i) => i === 0 || value < numbers[i - 1]!);
  return numbers.length < 4 || !(rises || falls);
};

/**
 * @param cells cells of the first row
 * @returns one name per column, "" for an unnamed one. @throws DATA, SPEC_INVALID
 */
export const columnNames = (cells: readonly string[], file: string, { header, names }: HeaderOptions): string[] => {
  const row = `${file} row 1`;
  if (cells.length === 1) refuseOneColumn(cells[0]!, row);
  if (names && names.length !== cells.length)
    throw new VaelabError("SPEC_INVALID", {
      message: `${names.length} names are given, but ${file} has ${cells.length} columns`,
      where: "/data/names",
      remedy: "Name all columns, in order.",
    });
  if (!header) return names ? [...names] : cells.map((_, i) => `c${i}`);
  if (names) return [...names];
  if (looksLikeData(cells)) {
    const shown = cells.slice(0, 3).join(", ");
    const remedy = 'If the file has no header, set "header": false; otherwise give "names".';
    throw damaged(row, `the header holds numbers, not names: ${shown}`, { remedy });
  }
  const seen = new Map<string, number>();
  for (const [i, name] of cells.entries()) {
    const before = seen.get(name);
    if (name !== "" && before !== undefined)
      throw damaged(row, `columns ${before + 1} and ${i + 1} have the same name, ${JSON.stringify(name)}`, {
        remedy: 'Rename one of them, or give "names".',
      });
    seen.set(name, i);
  }
  return [...cells];
};
