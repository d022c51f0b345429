/** A sweep in numbers: metrics.json (a point a trial, a group a setting) and summary.csv (a row a trial). */
import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { writeFileAtomically } from "../../storage/files.js";
import { readJson } from "../../storage/json.js";
import { type PlannedTrial, RUN_FILES, type RunMetrics, SWEEP_FILES, type SweepMetrics } from "../../storage/layout.js";
import { readStatus } from "../../storage/status.js";
import { type SweepPoint, sweepMetrics, sweepPoint } from "../../storage/sweep-metrics.js";
import { newestAttempt, readPlan } from "./attempts.js";

const pointOf = (folder: string, { id, choices, seed }: PlannedTrial): SweepPoint | undefined => {
  const attempt = newestAttempt(folder, id);
  if (
    !attempt ||
    !existsSync(join(attempt.folder, RUN_FILES.status)) ||
    readStatus(attempt.folder).state !== "finished"
  )
    return undefined;
  const metrics = readJson(join(attempt.folder, RUN_FILES.metrics)) as RunMetrics;
  return sweepPoint({ trial: id, folder: relative(folder, attempt.folder), choices, seed }, metrics);
};

const csvCell = (value: unknown): string => {
  const text = value == null ? "" : typeof value === "object" ? JSON.stringify(value) : String(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

const csvOf = (points: readonly SweepPoint[]): string => {
  const choices = [...new Set(points.flatMap((point) => Object.keys(point.choices)))];
  const figures = [...new Set(points.flatMap((point) => Object.keys(point.figures)))];
  const rows = points.map((point) => [
    point.trial,
    ...choices.map((name) => point.choices[name]),
    ...figures.map((name) => point.figures[name]?.value),
  ]);
  return [["trial", ...choices, ...figures], ...rows].map((row) => `${row.map(csvCell).join(",")}\n`).join("");
};

/** Reads the finished trials of a sweep and writes both files. */
export const writeSummaries = (folder: string): SweepMetrics => {
  const points = readPlan(folder).flatMap((trial) => pointOf(folder, trial) ?? []);
  const { name } = readJson(join(folder, SWEEP_FILES.sweep)) as { name: string };
  const metrics = sweepMetrics(name, points);
  writeFileAtomically(join(folder, SWEEP_FILES.metrics), `${JSON.stringify(metrics, null, 2)}\n`);
  writeFileAtomically(join(folder, SWEEP_FILES.summary), csvOf(points));
  return metrics;
};
