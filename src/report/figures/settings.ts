/**
 * Swept settings for charts: the axes, the numeric one that can carry a line or a logarithmic scale, and for each setting
 * (all choices except the seed) its label, its place on that axis and its series.
 */
import { extentOf } from "../../numerics/lists.js";

export type Choices = Readonly<Record<string, unknown>>;

export interface Axis {
  path: string;
  /** The shortest unambiguous end of the path: "beta" for objective.beta. */
  label: string;
  values: readonly unknown[];
  numeric: boolean;
  /** Whether the values are positive and more evenly spaced on a log scale. */
  logarithmic: boolean;
}
export interface Setting {
  key: string;
  choices: Choices;
  /** Every choice that varies, joined: "beta 0.5, prior vamp". */
  label: string;
  /** Value on the primary axis; null if there is none. */
  position: number | null;
  /** The choices that do not depend on the primary axis. A line may connect the settings of one series. */
  series: string;
}
export interface Settings {
  axes: readonly Axis[];
  /** The numeric axis along which lines run; undefined if none was swept. */
  primary: Axis | undefined;
  /** Sorted by series, then by position. */
  all: readonly Setting[];
  series: readonly string[];
  of(choices: Choices): Setting | undefined;
}

const SEED = "seed";
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, v: unknown) =>
    v !== null && typeof v === "object" && !Array.isArray(v)
      ? Object.fromEntries(Object.entries(v).sort(([a], [b]) => (a < b ? -1 : 1)))
      : v,
  ) ?? "undefined";

/** A choice in a few words: the type of a component, followed by its other fields. */
export const describeChoice = (value: unknown): string => {
  if (value === null || typeof value !== "object")
    return typeof value === "string" ? value : (JSON.stringify(value) ?? "unset");
  if (Array.isArray(value)) return `[${value.map(describeChoice).join(", ")}]`;
  const fields = Object.entries(value);
  const type = fields.find(([name]) => name === "type");
  const rest = fields.filter(([name]) => name !== "type").map(([name, field]) => `${name} ${describeChoice(field)}`);
  return type ? [describeChoice(type[1]), ...(rest.length ? [`(${rest.join(", ")})`] : [])].join(" ") : rest.join(", ");
};

/** Names of other table columns, which no choice may have. */
const TAKEN = new Set(["seed", "seeds", "state", "trial", "rate"]);
/** Ends of paths that mean nothing by themselves. */
const VAGUE = /^(initial|final|start|value|steps|n|k|samples|hidden|scale|\d+)$/;

/** By path, its shortest meaningful end that no other path has; the type of a component goes by the component's name. */
const shortLabels = (paths: readonly string[]): Map<string, string> => {
  const named = paths.map((path) => path.replace(/\.type$/, ""));
  const isAmbiguous = (end: string, own: string): boolean =>
    named.some((path) => path !== own && (path === end || path.endsWith(`.${end}`)));
  const short = (path: string): string => {
    const parts = path.split(".");
    const ends = parts.map((_, length) => parts.slice(-length - 1));
    const end = ends.find(
      (words) =>
        !(VAGUE.test(words[0]!) && (words.length === 1 || /^\d+$/.test(words[0]!))) &&
        !TAKEN.has(words.join(".")) &&
        !isAmbiguous(words.join("."), path),
    );
    return end?.join(".") ?? path;
  };
  return new Map(paths.map((path, i) => [path, short(named[i]!)]));
};

const unevenness = (sorted: readonly number[]): number => {
  const gaps = sorted.slice(1).map((value, i) => value - (sorted[i] ?? 0));
  const [least, most] = extentOf(gaps);
  return most / least;
};
const isLogarithmic = (values: readonly number[]): boolean => {
  const sorted = [...values].sort((a, b) => a - b);
  const [least, most] = [sorted[0] ?? 0, sorted[sorted.length - 1] ?? 0];
  if (least <= 0 || sorted.length < 2) return false;
  return sorted.length === 2 ? most / least >= 10 : unevenness(sorted.map(Math.log)) < unevenness(sorted);
};

const axesOf = (all: readonly Choices[]): Axis[] => {
  const paths = [...new Set(all.flatMap((choices) => Object.keys(choices)))].filter((path) => path !== SEED);
  const labels = shortLabels(paths);
  const axes = paths.map((path): Axis => {
    const values = [...new Map(all.map((choices) => [canonical(choices[path]), choices[path]])).values()];
    const numbers = values.filter((value): value is number => typeof value === "number" && Number.isFinite(value));
    const numeric = values.length > 1 && numbers.length === values.length;
    return { path, label: labels.get(path) ?? path, values, numeric, logarithmic: numeric && isLogarithmic(numbers) };
  });
  const varying = axes.filter((axis) => axis.values.length > 1);
  return varying.length > 0 ? varying : axes;
};

/** Whether each value of `axis` occurs with a single value of `other`, as in a zip. */
const decides = (axis: Axis, other: Axis, all: readonly Choices[]): boolean => {
  const seen = new Map<string, string>();
  return all.every((choices) => {
    const [a, b] = [canonical(choices[axis.path]), canonical(choices[other.path])];
    if (!seen.has(a)) seen.set(a, b);
    return seen.get(a) === b;
  });
};

/** @param weights swept paths that are weights in the loss: lines run along one of them, if it is numeric */
export const settingsOf = (choicesOfAll: readonly Choices[], weights: readonly string[] = []): Settings => {
  const keyOf = (choices: Choices): string =>
    canonical(Object.fromEntries(Object.entries(choices).filter(([path]) => path !== SEED)));
  const distinct = [...new Map(choicesOfAll.map((choices) => [keyOf(choices), choices])).values()];
  const axes = axesOf(distinct);
  const numeric = axes.filter((axis) => axis.numeric);
  const primary = numeric.find((axis) => weights.includes(axis.path)) ?? numeric[0];
  const splitting = axes.filter((axis) => axis !== primary && !(primary && decides(primary, axis, distinct)));
  const join = (choices: Choices, of: readonly Axis[]): string =>
    of
      .map((axis) => (of.length === 1 && !axis.numeric ? "" : `${axis.label} `) + describeChoice(choices[axis.path]))
      .join(", ");
  const settings = distinct.map((choices): Setting => {
    const position = primary ? choices[primary.path] : null;
    return {
      key: keyOf(choices),
      choices,
      label: join(choices, axes) || "the only setting",
      position: typeof position === "number" ? position : null,
      series: join(choices, splitting),
    };
  });
  const series = [...new Set(settings.map((setting) => setting.series))];
  const all = settings.sort(
    (a, b) => series.indexOf(a.series) - series.indexOf(b.series) || (a.position ?? 0) - (b.position ?? 0),
  );
  const byKey = new Map(all.map((setting) => [setting.key, setting]));
  return { axes, primary, all, series, of: (choices) => byKey.get(keyOf(choices)) };
};
