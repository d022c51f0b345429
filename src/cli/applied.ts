/** Commands that apply a run to examples in a file: what they need, and what they print. */
import { VaelabError } from "../errors.js";
import type { Applied, ApplyOptions } from "../experiments/index.js";
import { interruptible } from "./interrupt.js";
import { note, type OutputOptions, printResult } from "./output.js";
import { reported } from "./reported.js";

/** Rows that are shown one by one. */
const SHOWN = 10;

/** @throws USAGE without a file to read or to write */
export const printApplied = async (
  { json }: OutputOptions,
  { input, out, ...options }: Omit<ApplyOptions, "input" | "out"> & { input?: string; out?: string },
  work: (options: ApplyOptions) => Promise<Applied>,
): Promise<void> => {
  if (input === undefined)
    throw new VaelabError("USAGE", { message: "no examples are given", remedy: "Name a file: --input FILE" });
  if (out === undefined)
    throw new VaelabError("USAGE", { message: "no file is named to write to", remedy: "Name one: --out FILE" });
  const applied = await reported({ json }, (reporter) =>
    interruptible((signal) => work({ ...options, input, out, reporter, signal }), "stopping"),
  );
  printResult({ json }, { type: "applied", ...applied }, () => {
    const { file, count, skipped } = applied;
    for (const { row, reason } of skipped.slice(0, SHOWN)) note(`${input} row ${row}: left out: ${reason}`);
    if (skipped.length > SHOWN) note(`... and ${skipped.length - SHOWN} more`);
    const left = skipped.length > 0 ? `, ${skipped.length} left out` : "";
    return [file, `${count} row${count === 1 ? "" : "s"}${left}`];
  });
};
