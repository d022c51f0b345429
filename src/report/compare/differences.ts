/**
 * Differences of figures against the first subject, paired: by example between runs, by seed between sweeps. A difference is
 * the mean of the pairs' differences with a two-sided 95 % Student t interval. What was scored on different data is not paired:
 * each figure then stands by itself.
 */

import { type Interval, mean, studentInterval } from "../../numerics/statistics.js";
import { canonicalJson } from "../../storage/json.js";
import { drawable, isUpperBound, orderedNames } from "../figures/names.js";
import { settingsOf } from "../figures/settings.js";
import { perExampleOf, type Subject, type Trial } from "./subjects.js";

export interface Value {
  value: number;
  /** Of a run its standard error over examples, of a sweep's setting half of its interval over seeds; null where there is none. */
  spread: number | null;
  /** Examples, or seeds. */
  n: number;
  upperBound: boolean;
}
export interface FigureComparison {
  name: string;
  unit: string;
  /** A subject each; null where it does not have the figure. */
  values: readonly (Value | null)[];
  /** A subject each but the first; null where nothing can be paired. */
  differences: readonly (Interval | null)[];
}
export interface SettingComparison {
  /** "" where there is only one. */
  setting: string;
  figures: readonly FigureComparison[];
}

type Pairs = (first: readonly Trial[], other: readonly Trial[], name: string) => number[];

/** One run of each: example by example, where both left the figure by example. */
const byExample = (): Pairs => {
  const read = new Map<Trial, ReturnType<typeof perExampleOf>>();
  const arraysOf = (trial: Trial): ReturnType<typeof perExampleOf> => {
    const known = read.get(trial) ?? perExampleOf(trial);
    read.set(trial, known);
    return known;
  };
  return ([first], [other], name) => {
    if (!first || !other) return [];
    const [a, b] = [arraysOf(first)[name], arraysOf(other)[name]];
    if (!a || !b || a.length !== b.length) return [];
    return Array.from(b, (value, i) => value - a[i]!);
  };
};

const bySeed: Pairs = (first, other, name) =>
  other.flatMap((trial) => {
    const own = first.find(({ seed }) => seed === trial.seed);
    const [a, b] = [own?.figures[name], trial.figures[name]];
    return drawable(a) && drawable(b) ? [b.value - a.value] : [];
  });

const figureOver = (trials: readonly Trial[], name: string, kind: Subject["kind"]): Value | null => {
  const figures = trials.map(({ figures }) => figures[name]).filter(drawable);
  const [only] = figures;
  if (!only) return null;
  const upperBound = figures.some(isUpperBound);
  if (kind === "run") return { value: only.value, spread: only.standardError ?? null, n: only.n, upperBound };
  const values = figures.map(({ value }) => value);
  const { high } = studentInterval(values);
  return { value: mean(values), spread: high === null ? null : high - mean(values), n: values.length, upperBound };
};

const differenceOf = (pairs: readonly number[]): Interval | null =>
  pairs.length > 0 && pairs.every(Number.isFinite) ? studentInterval(pairs) : null;

/** Why two subjects are not paired, or undefined where they are. */
export const unpaired = (first: Subject, other: Subject): string | undefined => {
  const [a, b] = [first, other].map(({ trials }) => [...new Set(trials.map(({ scoredOn }) => scoredOn))].sort());
  if (canonicalJson(a) === canonicalJson(b) && a?.length === 1) return undefined;
  const said = (label: string, on: readonly string[] = []): string => `${label} on ${on.join(" and ")}`;
  return `${said(first.label, a)}, ${said(other.label, b)}: scored on different data, they are not paired`;
};

export const compareFigures = (subjects: readonly Subject[]): SettingComparison[] => {
  const [first, ...others] = subjects;
  if (!first) return [];
  const pairs = first.kind === "run" ? byExample() : bySeed;
  const paired = new Map(others.map((other) => [other, unpaired(first, other) === undefined]));
  const settings = settingsOf(subjects.flatMap(({ trials }) => trials.map(({ choices }) => choices)));
  return settings.all.map((setting) => {
    const own = subjects.map(({ trials }) => trials.filter(({ choices }) => settings.of(choices) === setting));
    const names = orderedNames(own.flat().map(({ figures }) => figures));
    return {
      setting: settings.all.length > 1 ? setting.label : "",
      figures: names.map((name) => ({
        name,
        unit: own.flat().find(({ figures }) => figures[name])?.figures[name]?.unit ?? "",
        values: own.map((trials) => figureOver(trials, name, first.kind)),
        differences: others.map((other, i) =>
          paired.get(other) ? differenceOf(pairs(own[0]!, own[i + 1]!, name)) : null,
        ),
      })),
    };
  });
};
