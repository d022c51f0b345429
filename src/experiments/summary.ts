/** A sweep in numbers: tradeoff.json (a point a trial, a group a setting) and summary.csv (a row a trial). */
import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import type { Figure } from "../core/contracts/metric.js";
import { writeFileAtomically } from "../core/run-folder/files.js";
import { canonicalJson, readJson } from "../core/run-folder/json.js";
import {
  type PlannedTrial,
  RUN_FILES,
  type RunTradeoff,
  SWEEP_FILES,
  type SweepTradeoff,
} from "../core/run-folder/layout.js";
import { readStatus } from "../core/run-folder/status.js";
import { studentInterval } from "../core/statistics.js";
import { newestAttempt, readPlan } from "./sweep.js";

type Point = SweepTradeoff["points"][number];
type Group = SweepTradeoff["groups"][number];

const withoutSeed = ({ seed: _, ...choices }: Readonly<Record<string, unknown>>): Record<string, unknown> => choices;

const pointOf = (folder: string, { id, choices, seed }: PlannedTrial): Point | undefined => {
  const attempt = newestAttempt(join(folder, SWEEP_FILES.trials, id));
  if (
    !attempt ||
    !existsSync(join(attempt.folder, RUN_FILES.status)) ||
    readStatus(attempt.folder).state !== "finished"
  )
    return undefined;
  const { figures, controls } = readJson(join(attempt.folder, RUN_FILES.tradeoff)) as RunTradeoff;
  return { trial: id, folder: relative(folder, attempt.folder), choices, seed, figures, ...(controls && { controls }) };
};

const groupOf = (points: readonly Point[]): Group => {
  const names = [...new Set(points.flatMap(({ figures }) => Object.keys(figures)))];
  const figures = names.flatMap((name) => {
    const known = points.flatMap(({ figures }) =>
      figures[name]?.value == null ? [] : [figures[name] as Figure & { value: number }],
    );
    const [first] = known;
    if (!first) return [];
    const { mean, low, high } = studentInterval(known.map(({ value }) => value));
    return [[name, { mean, low, high, n: known.length, unit: first.unit }]] as const;
  });
  return {
    choices: withoutSeed(points[0]!.choices),
    seeds: points.map(({ seed }) => seed),
    figures: Object.fromEntries(figures),
  };
};

const csvCell = (value: unknown): string => {
  const text = value == null ? "" : typeof value === "object" ? JSON.stringify(value) : String(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

const csvOf = (points: readonly Point[]): string => {
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
export const writeSummaries = (folder: string): SweepTradeoff => {
  const points = readPlan(folder).flatMap((trial) => pointOf(folder, trial) ?? []);
  const settings = new Map<string, Point[]>();
  for (const point of points) {
    const key = canonicalJson(withoutSeed(point.choices));
    settings.set(key, [...(settings.get(key) ?? []), point]);
  }
  const { name } = readJson(join(folder, SWEEP_FILES.sweep)) as { name: string };
  const tradeoff: SweepTradeoff = {
    name,
    points,
    groups: [...settings.values()].map(groupOf),
    interval: "mean over seeds with a two-sided 95 % Student t interval",
  };
  writeFileAtomically(join(folder, SWEEP_FILES.tradeoff), `${JSON.stringify(tradeoff, null, 2)}\n`);
  writeFileAtomically(join(folder, SWEEP_FILES.summary), csvOf(points));
  return tradeoff;
};
