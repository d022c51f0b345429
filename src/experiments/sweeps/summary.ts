/** Summarizes a sweep in metrics.json (one point per trial, one group per setting) and summary.csv (one row per trial). */
import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { writeFileAtomically } from "../../storage/files.js";
import { writeVersioned } from "../../storage/format.js";
import { type PlannedTrial, RUN_FILES, type RunMetrics, SWEEP_FILES, type SweepMetrics } from "../../storage/layout.js";
import { runMetricsGuard } from "../../storage/layout-guards.js";
import { readPlan } from "../../storage/plan-file.js";
import { readGuarded } from "../../storage/read-guarded.js";
import { readStatus } from "../../storage/status.js";
import { readSweepHeader } from "../../storage/sweep-header.js";
import { type SweepPoint, sweepMetrics, sweepPoint } from "../../storage/sweep-metrics.js";
import { newestAttempt } from "./attempts.js";

interface Scored {
  point: SweepPoint;
  metrics: RunMetrics;
}

const scoredTrial = (folder: string, { id, choices, seed }: PlannedTrial): Scored | undefined => {
  const attempt = newestAttempt(folder, id);
  if (
    !attempt ||
    !existsSync(join(attempt.folder, RUN_FILES.status)) ||
    readStatus(attempt.folder).state !== "finished"
  )
    return undefined;
  const metrics = readGuarded<RunMetrics>(join(attempt.folder, RUN_FILES.metrics), runMetricsGuard);
  return {
    metrics,
    point: sweepPoint({ trial: id, folder: relative(folder, attempt.folder), choices, seed }, metrics),
  };
};

const csvCell = (value: unknown): string => {
  const text = value == null ? "" : typeof value === "object" ? JSON.stringify(value) : String(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

const csvOf = (points: readonly SweepPoint[]): string => {
  const choices = [...new Set(points.flatMap((point) => Object.keys(point.choices)))];
  const names = [...new Set(points.flatMap((point) => Object.keys(point.measurements)))];
  const rows = points.map((point) => [
    point.trial,
    ...choices.map((name) => point.choices[name]),
    ...names.map((name) => point.measurements[name]?.value),
  ]);
  return [["trial", ...choices, ...names], ...rows].map((row) => `${row.map(csvCell).join(",")}\n`).join("");
};

/** Reads the finished trials of a sweep and writes both files. */
export const writeSummaries = (folder: string): SweepMetrics => {
  const scored = readPlan(folder).flatMap((trial) => scoredTrial(folder, trial) ?? []);
  const points = scored.map(({ point }) => point);
  const { name } = readSweepHeader(join(folder, SWEEP_FILES.sweep));
  const declared = scored.map(({ metrics }) => metrics);
  const metrics = sweepMetrics(name, points, declared);
  writeVersioned(join(folder, SWEEP_FILES.metrics), metrics);
  writeFileAtomically(join(folder, SWEEP_FILES.summary), csvOf(points));
  return metrics;
};
