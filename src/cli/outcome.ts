/** Final output of `run` and `resume`: the figures, by setting for a sweep, and the path of the report. */
import { join } from "node:path";
import { FinishedWithErrors, type Outcome, outcomeAt } from "../experiments/index.js";
import { RUN_FILES, type RunMetrics, SWEEP_FILES, type SweepMetrics } from "../storage/layout.js";
import { runMetricsGuard, sweepMetricsGuard } from "../storage/layout-guards.js";
import { readGuarded } from "../storage/read-guarded.js";
import { describeEarlyStop } from "../storage/status.js";
import { readSweepHeader, sweptWeights } from "../storage/sweep-header.js";
import { type OutputOptions, printLine, printRecord } from "./output.js";

const tableOf = async ({ kind, folder }: Outcome): Promise<string> => {
  const { formatRunTable, formatSweepTable } = await import("../report/index.js");
  if (kind === "run") return formatRunTable(readGuarded<RunMetrics>(join(folder, RUN_FILES.metrics), runMetricsGuard));
  const metrics = readGuarded<SweepMetrics>(join(folder, SWEEP_FILES.metrics), sweepMetricsGuard);
  if (metrics.points.length === 0) return "No trial left any figures.";
  return formatSweepTable(metrics, sweptWeights(readSweepHeader(join(folder, SWEEP_FILES.sweep))));
};

const printOutcome = async (outcome: Outcome, { json }: OutputOptions): Promise<void> => {
  if (json) printRecord({ type: "outcome", ...outcome });
  else {
    printLine(await tableOf(outcome));
    if (outcome.stoppedEarly) printLine(["", describeEarlyStop(outcome.stoppedEarly)]);
    printLine(["", `report: ${outcome.report}`]);
  }
};

/** Prints the outcome of the work; where it finished with errors, what it wrote all the same, and then the error is thrown. */
export const printOutcomeOf = async (work: () => Promise<Outcome>, options: OutputOptions): Promise<void> => {
  try {
    await printOutcome(await work(), options);
  } catch (error) {
    if (error instanceof FinishedWithErrors && error.written.kind !== "evaluation")
      await printOutcome(outcomeAt({ folder: error.written.folder, kind: error.written.kind }), options);
    throw error;
  }
};
