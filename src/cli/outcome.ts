/** What `run` and `resume` print at the end: the figures, by setting where it was a sweep, and the path of the report. */
import { join } from "node:path";
import type { Outcome } from "../experiments/index.js";
import { readJson } from "../storage/json.js";
import { RUN_FILES, type RunMetrics, SWEEP_FILES, type SweepMetrics } from "../storage/layout.js";
import { describeEarlyStop } from "../storage/status.js";
import { type OutputOptions, printLine, printRecord } from "./output.js";

const tableOf = async ({ kind, folder }: Outcome): Promise<string> => {
  const { formatRunTable, formatSweepTable } = await import("../report/index.js");
  const read = (file: string): unknown => readJson(join(folder, file));
  return kind === "sweep"
    ? formatSweepTable(read(SWEEP_FILES.metrics) as SweepMetrics)
    : formatRunTable(read(RUN_FILES.metrics) as RunMetrics);
};

export const printOutcome = async (outcome: Outcome, { json }: OutputOptions): Promise<void> => {
  if (json) printRecord({ type: "outcome", ...outcome });
  else {
    printLine(await tableOf(outcome));
    if (outcome.stoppedEarly) printLine(["", describeEarlyStop(outcome.stoppedEarly)]);
    printLine(["", `report: ${outcome.report}`]);
  }
};
