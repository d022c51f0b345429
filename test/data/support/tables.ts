/** Tables that the tests of csv write, and what is said of them. */
import { csv } from "../../../src/data/readers/csv.js";
import { errorOf } from "../../support/error-of.js";
import { folderWith, inspect, rowsOf } from "./files.js";

export const COUNT = 200;
/** Numbers that all differ. */
export const real = (i: number): number => ((i * 37) % 101) / 8 + i / 1000;
/** A table of 200 rows whose columns are functions of the row. */
export const table = (columns: Readonly<Record<string, (i: number) => unknown>>, delimiter = ","): string =>
  [Object.keys(columns), ...rowsOf(COUNT).map((i) => Object.values(columns).map((cell) => cell(i)))]
    .map((row) => row.join(delimiter))
    .join("\n");
export const described = (content: string | Uint8Array, fields: object = {}, file = "x.csv") =>
  inspect(csv, { type: "csv", file, ...fields } as never, folderWith({ [file]: content }));
export const refusal = (content: string, fields: object = {}): string =>
  errorOf(() => described(content, fields)).message;
export const kinds = (content: string | Uint8Array, fields: object = {}, file?: string) =>
  described(content, fields, file).columns!.map(({ name, kind, missing }) => [name, kind, missing]);

export const two = (cell: (i: number) => unknown) => table({ a: real, b: cell });
export const semicolons = (cell: (i: number) => unknown) => table({ a: (i) => i, b: cell }, ";");
