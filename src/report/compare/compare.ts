/** Compares runs or sweeps: differences of specs and of figures. */
import { compareFigures, type SettingComparison, unpaired } from "./differences.js";
import { type SpecDifference, specDifferences } from "./spec-diff.js";
import { type Subject, subjectsOf } from "./subjects.js";

export interface Comparison {
  kind: Subject["kind"];
  subjects: readonly { label: string; folder: string; trials: number }[];
  spec: readonly SpecDifference[];
  /** How differences are paired and what their intervals are. */
  method: string;
  /** Why other subjects are not paired with the first. */
  notPaired: readonly string[];
  settings: readonly SettingComparison[];
}

const METHOD = {
  run: "differences are paired by example: means with two-sided 95 % Student t intervals over examples. They hold for these trained models and say nothing about other seeds",
  sweep: "differences are paired by seed: means with two-sided 95 % Student t intervals over seeds",
} as const;

/** @throws USAGE, NOT_FOUND, RUN_FOLDER */
export const compareFolders = (folders: readonly string[]): Comparison => {
  const subjects = subjectsOf(folders);
  const [first, ...others] = subjects;
  const kind = first!.kind;
  return {
    kind,
    subjects: subjects.map(({ label, folder, trials }) => ({ label, folder, trials: trials.length })),
    spec: specDifferences(subjects),
    method: METHOD[kind],
    notPaired: others.flatMap((other) => unpaired(first!, other) ?? []),
    settings: compareFigures(subjects),
  };
};
