/** What `run` and `resume` print at the end: the figures, by setting where it was a sweep, and the path of the report. */
import { join } from "node:path";
import type { Outcome } from "../experiments/index.js";
import { RUN_FILES, type RunMetrics, SWEEP_FILES, type SweepMetrics } from "../storage/layout.js";
import { runMetricsGuard, sweepMetricsGuard } from "../storage/layout-guards.js";
import { readGuarded } from "../storage/read-guarded.js";
import { describeEarlyStop } from "../storage/status.js";
import { type OutputOptions, printLine, printRecord } from "./output.js";

const tableOf = async ({ kind, folder }: Outcome): Promise<string> => {
  const { formatRunTable, formatSweepTable } = await import("../report/index.js");
  return kind === "sweep"
    ? formatSweepTable(readGuarded<SweepMetrics>(join(folder, SWEEP_FILES.metrics), sweepMetricsGuard))
    : formatRunTable(readGuarded<RunMetrics>(join(folder, RUN_FILES.metrics), runMetricsGuard));
};

export const printOutcome = async (outcome: Outcome, { json }: OutputOptions): Promise<void> => {
  if (json) printRecord({ type: "outcome", ...outcome });
  else {
    printLine(await tableOf(outcome));
    if (outcome.stoppedEarly) printLine(["", describeEarlyStop(outcome.stoppedEarly)]);
    printLine(["", `report: ${outcome.report}`]);
  }
};
