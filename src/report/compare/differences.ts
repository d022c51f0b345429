/**
 * Differences of figures against the first subject, paired: by example between runs, by seed between sweeps. A difference is
 * the mean of the pairs' differences with a two-sided 95 % Student t interval. Figures on different data are not paired but
 * shown separately.
 */
import type { Measurement } from "../../contracts/measurement.js";
import { type Interval, mean, studentInterval } from "../../numerics/statistics.js";
import { canonicalJson } from "../../storage/json.js";
import { joinDeclarations } from "../../storage/sweep-metrics.js";
import { type Column, columnsOf } from "../figures/columns.js";
import { settingsOf } from "../figures/settings.js";
import { drawable } from "../figures/values.js";
import { perExampleOf, type Subject, type Trial } from "./subjects.js";

export interface Value {
  value: number;
  /** For a run the standard error over examples, for a setting of a sweep half its interval over seeds; null if there is none. */
  spread: number | null;
  /** Number of examples or seeds. */
  n: number;
  bound: Measurement["bound"];
}
export interface FigureComparison {
  column: Column;
  /** One per subject; null if it lacks the figure. */
  values: readonly (Value | null)[];
  /** One per subject after the first; null if nothing can be paired. */
  differences: readonly (Interval | null)[];
}
export interface SettingComparison {
  /** "" where there is only one. */
  setting: string;
  figures: readonly FigureComparison[];
}

type Pairs = (first: readonly Trial[], other: readonly Trial[], name: string) => number[];

/** Pairs two runs by example, if both kept the values per example. */
const byExample = (): Pairs => {
  const read = new Map<Trial, ReturnType<typeof perExampleOf>>();
  const arraysOf = (trial: Trial): ReturnType<typeof perExampleOf> => {
    const known = read.get(trial) ?? perExampleOf(trial);
    read.set(trial, known);
    return known;
  };
  return ([first], [other], name) => {
    if (!first || !other) return [];
    if (!first.measurements[name]?.perExample || !other.measurements[name]?.perExample) return [];
    const [a, b] = [arraysOf(first)[name], arraysOf(other)[name]];
    if (!a || !b || a.length !== b.length) return [];
    return Array.from(b, (value, i) => value - a[i]!);
  };
};

const bySeed: Pairs = (first, other, name) =>
  other.flatMap((trial) => {
    const own = first.find(({ seed }) => seed === trial.seed);
    const [a, b] = [own?.measurements[name], trial.measurements[name]];
    return drawable(a) && drawable(b) ? [b.value - a.value] : [];
  });

const valueOver = (trials: readonly Trial[], name: string, kind: Subject["kind"]): Value | null => {
  const found = trials.map(({ measurements }) => measurements[name]).filter(drawable);
  const [only] = found;
  if (!only) return null;
  const bound = found.find((each) => each.bound !== undefined)?.bound;
  if (kind === "run") return { value: only.value, spread: only.standardError ?? null, n: only.n, bound };
  const values = found.map(({ value }) => value);
  const { high } = studentInterval(values);
  return { value: mean(values), spread: high === null ? null : high - mean(values), n: values.length, bound };
};

const differenceOf = (pairs: readonly number[]): Interval | null =>
  pairs.length > 0 && pairs.every(Number.isFinite) ? studentInterval(pairs) : null;

/** Why two subjects are not paired; undefined if they are. */
export const unpaired = (first: Subject, other: Subject): string | undefined => {
  const [a, b] = [first, other].map(({ trials }) => [...new Set(trials.map(({ scoredOn }) => scoredOn))].sort());
  if (canonicalJson(a) === canonicalJson(b) && a?.length === 1) return undefined;
  const said = (label: string, on: readonly string[] = []): string => `${label} on ${on.join(" and ")}`;
  return `${said(first.label, a)}, ${said(other.label, b)}: scored on different data`;
};

export const compareFigures = (subjects: readonly Subject[]): SettingComparison[] => {
  const [first, ...others] = subjects;
  if (!first) return [];
  const pairs = first.kind === "run" ? byExample() : bySeed;
  const paired = new Map(others.map((other) => [other, unpaired(first, other) === undefined]));
  const { figures } = joinDeclarations(subjects.map(({ declarations }) => declarations));
  const settings = settingsOf(
    subjects.flatMap(({ trials }) => trials.map(({ choices }) => choices)),
    subjects.flatMap(({ weights }) => weights),
  );
  return settings.all.map((setting) => {
    const own = subjects.map(({ trials }) => trials.filter(({ choices }) => settings.of(choices) === setting));
    const columns = columnsOf(
      own.flat().map(({ measurements }) => measurements),
      figures,
    );
    return {
      setting: settings.all.length > 1 ? setting.label : "",
      figures: columns.map((column) => ({
        column,
        values: own.map((trials) => valueOver(trials, column.name, first.kind)),
        differences: others.map((other, i) =>
          paired.get(other) ? differenceOf(pairs(own[0]!, own[i + 1]!, column.name)) : null,
        ),
      })),
    };
  });
};
