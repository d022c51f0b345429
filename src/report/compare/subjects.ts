/** Subjects of a comparison: a run with its figures by example, or the trials of a sweep by setting and seed. */

import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Measurements } from "../../contracts/measurement.js";
import { VaelabError } from "../../errors.js";
import { maximum } from "../../numerics/lists.js";
import { assertNotOutdated } from "../../storage/format.js";
import { inside } from "../../storage/inside.js";
import { canonicalJson, isObject } from "../../storage/json.js";
import { type Declarations, RUN_FILES, type RunMetrics, SWEEP_FILES } from "../../storage/layout.js";
import { readNpz } from "../../storage/npz.js";
import { sweptWeights } from "../../storage/sweep-header.js";
import type { Choices } from "../figures/settings.js";
import { has, type Piece } from "../read/piece.js";
import { type Json, readProvenance, readResolved, readRunMetrics } from "../read/run.js";
import { readHeader, readSweepMetrics } from "../read/sweep.js";

export interface Trial {
  seed: number;
  /** Its values of the paths that vary in the sweep. */
  choices: Choices;
  measurements: Measurements;
  /** The examples that it was scored on: split, and hash of the data. */
  scoredOn: string;
  resolved: Json;
  folder: string;
}
export interface Subject {
  /** The shortest end of its path that no other subject has. */
  label: string;
  folder: string;
  kind: "run" | "sweep";
  /** What its metrics declare of their figures. */
  declarations: Declarations;
  /** The swept paths that are weights in the loss. */
  weights: readonly string[];
  trials: readonly Trial[];
}

const needed = <T>(piece: Piece<T>, folder: string, remedy: string): T => {
  if (has(piece)) return piece.value;
  throw new VaelabError("RUN_FOLDER", {
    message: `nothing to compare: ${piece.missing}`,
    where: folder,
    remedy,
  });
};

const scoredIn = (folder: string, of: Pick<Trial, "choices">, given: string): { trial: Trial; metrics: RunMetrics } => {
  const remedy = `Finish it first: vaelab resume ${given}`;
  const metrics = needed(readRunMetrics(folder), given, remedy);
  const resolved = needed(readResolved(folder), given, remedy);
  const provenance = needed(readProvenance(folder), given, remedy);
  const sha256 = isObject(provenance.data) ? String(provenance.data.sha256) : "unknown";
  const { seed, measurements, split } = metrics;
  const scoredOn = `the ${split} split of data ${sha256.slice(0, 12)}`;
  return { trial: { ...of, seed, measurements, scoredOn, resolved, folder }, metrics };
};

/** Removes the seed and the paths that do not vary. */
const varying = (all: readonly Choices[]): ((choices: Choices) => Choices) => {
  const paths = [...new Set(all.flatMap(Object.keys))].filter(
    (path) => path !== "seed" && new Set(all.map((choices) => canonicalJson(choices[path] ?? null))).size > 1,
  );
  return (choices) => Object.fromEntries(paths.map((path) => [path, choices[path]]));
};

const subjectIn = (given: string): Omit<Subject, "label"> => {
  const folder = resolve(given);
  if (!existsSync(folder)) throw new VaelabError("NOT_FOUND", { message: "there is no such folder", where: given });
  assertNotOutdated(folder);
  if (existsSync(join(folder, SWEEP_FILES.plan))) {
    const remedy = `Resume it: vaelab resume ${given}`;
    const declarations = needed(readSweepMetrics(folder), given, remedy);
    const reduced = varying(declarations.points.map(({ choices }) => choices));
    const trials = declarations.points.map(
      (point) => scoredIn(inside(folder, point.folder), { choices: reduced(point.choices) }, given).trial,
    );
    const header = readHeader(folder);
    return { folder, kind: "sweep", declarations, weights: has(header) ? sweptWeights(header.value) : [], trials };
  }
  if (!existsSync(join(folder, RUN_FILES.resolved)))
    throw new VaelabError("RUN_FOLDER", { message: "this is neither a run nor a sweep", where: given });
  const { trial, metrics } = scoredIn(folder, { choices: {} }, given);
  return { folder, kind: "run", declarations: metrics, weights: [], trials: [trial] };
};

/** Shows trials by their ID, without the number of the attempt. */
const labelsOf = (folders: readonly string[]): string[] => {
  const parts = folders.map((folder) => folder.split(/[/\\]/).filter(Boolean));
  const ids = parts.map((names) => names.filter((name) => !/^attempt-\d+$/.test(name)));
  const distinct = (labels: readonly string[]): boolean => new Set(labels).size === labels.length;
  for (const names of [ids, parts])
    for (let length = 1; length <= maximum(names.map((own) => own.length)); length++) {
      const labels = names.map((own) => own.slice(-length).join("/"));
      if (distinct(labels)) return labels;
    }
  return [...folders];
};

/** @throws USAGE for fewer than two, one named twice, or runs beside sweeps; NOT_FOUND, RUN_FOLDER */
export const subjectsOf = (folders: readonly string[]): Subject[] => {
  const paths = folders.map((folder) => resolve(folder));
  if (paths.length < 2)
    throw new VaelabError("USAGE", {
      message: "a comparison needs at least two folders",
      remedy: "Name another one.",
    });
  const twice = paths.find((path, i) => paths.indexOf(path) !== i);
  if (twice !== undefined)
    throw new VaelabError("USAGE", { message: "this folder is given twice", where: folders[paths.indexOf(twice)]! });
  const subjects = folders.map(subjectIn);
  const kinds = new Set(subjects.map(({ kind }) => kind));
  if (kinds.size > 1) {
    const what = subjects.map(({ kind }, i) => `${folders[i]} is a ${kind}`).join(", ");
    throw new VaelabError("USAGE", {
      message: `runs cannot be compared with sweeps, because runs are paired by example and sweeps by seed: ${what}`,
      remedy: "Name only runs (those of a sweep are its trials/ID/attempt-N), or only sweeps.",
    });
  }
  const labels = labelsOf(paths);
  return subjects.map((subject, i) => ({ label: labels[i]!, ...subject }));
};

/** Values per example by measurement; empty if the run kept none. */
export const perExampleOf = ({ folder }: Trial): Readonly<Record<string, ArrayLike<number>>> => {
  const path = inside(folder, RUN_FILES.perExample);
  if (!existsSync(path)) return {};
  return Object.fromEntries(Object.entries(readNpz(path)).map(([name, { data }]) => [name, data]));
};
