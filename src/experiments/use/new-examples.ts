/** Examples of a file, some thousand at a time, prepared as the run's own were; rows that do not fit are named, or left out on request. */
import type { ExampleFile, NumberedRow, TableRow } from "../../contracts/unseen.js";
import { type Problem, VaelabError } from "../../errors.js";
import { BLOCK } from "../training/batches.js";
import { collectRows, completed, type ExampleOptions, type PreparedExamples, prepareValues } from "./examples.js";

/** Rows that are computed together: whole blocks, so that noise does not depend on how a file is divided. */
const TOGETHER = 20 * BLOCK;
/** Rows that do not fit which an error lists. */
const ROWS_LISTED = 20;

export interface Skipped {
  /** As a spreadsheet counts rows; of arrays from 0. */
  row: number;
  reason: string;
}
export interface NewExamples {
  /** Numbers of the rows in the file. */
  numbers: Int32Array;
  /** Cells of a table, as they are in the file. */
  cells?: readonly TableRow[];
  examples: PreparedExamples;
  /** Share of the file that was read. */
  done: number;
}

export interface NewExamplesOptions extends ExampleOptions {
  /** Name of the file, for messages. */
  input: string;
  /** Receives rows that do not fit; without it they are refused. */
  skip?: (row: Skipped) => void;
}

const misfits = (input: string, rows: readonly Skipped[], more: boolean): VaelabError =>
  new VaelabError(
    "DATA",
    rows.map(({ row, reason }, i): Problem => {
      const isLast = i === rows.length - 1;
      const remedy = `Correct ${rows.length > 1 || more ? "them" : "it"}, or leave such rows out: --skip-bad-rows`;
      return { where: `${input} row ${row}`, message: reason, ...(isLast && { remedy }) };
    }),
  );

const ofTable = async function* (
  file: Extract<ExampleFile, { kind: "table" }>,
  { input, skip, ...options }: NewExamplesOptions,
): AsyncGenerator<NewExamples> {
  const collector = collectRows(options, TOGETHER);
  const bad: Skipped[] = [];
  let kept: NumberedRow[] = [];
  let done = 0;
  const take = (): NewExamples => {
    const rows = kept;
    kept = [];
    const numbers = Int32Array.from(rows, ({ number }) => number);
    return { numbers, cells: rows.map(({ cells }) => cells), examples: collector.take(), done };
  };
  for (const batch of file.rows()) {
    done = batch.done;
    for (const row of batch.rows) {
      const reason = row.complaint ?? collector.add(row.cells);
      if (reason === undefined) kept.push(row);
      else if (skip) skip({ row: row.number, reason });
      else if (bad.push({ row: row.number, reason }) === ROWS_LISTED) throw misfits(input, bad, true);
      if (kept.length < TOGETHER) continue;
      const found = take();
      // After a row that does not fit, the rest is only read, for others.
      if (bad.length === 0) yield found;
    }
  }
  if (bad.length > 0) throw misfits(input, bad, false);
  if (kept.length > 0) yield take();
};

const ofValues = async function* (
  file: Extract<ExampleFile, { kind: "values" }>,
  { input, fields, modeled, unseen }: NewExamplesOptions,
): AsyncGenerator<NewExamples> {
  for (let start = 0; start < file.count; start += TOGETHER) {
    const count = Math.min(TOGETHER, file.count - start);
    const values = await file.read(start, count);
    const placeOf = (row: number): string => `${input} row ${row}`;
    const origin = { name: modeled, first: start, bytes: file.bytes, placeOf };
    const mask = prepareValues(values, fields[modeled]!, unseen, origin);
    const numbers = Int32Array.from({ length: count }, (_, i) => start + i);
    yield {
      numbers,
      examples: completed(count, { [modeled]: { values, mask } }, fields),
      done: (start + count) / file.count,
    };
  }
};

export const newExamples = (file: ExampleFile, options: NewExamplesOptions): AsyncGenerator<NewExamples> =>
  file.kind === "table" ? ofTable(file, options) : ofValues(file, options);
