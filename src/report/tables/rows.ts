/** The numbers of a sweep's table by setting, as the page and the terminal both show them. */
import type { SweepMetrics } from "../../storage/layout.js";
import { classOf, isUpperBound, orderedNames } from "../figures/names.js";
import { columnDecimals, formatSpread, type Spread } from "../figures/numbers.js";
import type { Setting, Settings } from "../figures/settings.js";

export interface Cell extends Spread {
  /** As it is written, and its half-interval where it has one. */
  text: string;
  half: string | null;
  /** The seeds that the mean is of. */
  n: number;
  /** At least one of the seeds' figures is marked as an upper bound. */
  upperBound: boolean;
}
export interface SettingRow {
  setting: Setting;
  seeds: readonly number[];
  /** By figure; absent where no seed has it. */
  cells: ReadonlyMap<string, Cell>;
}

export const unitsOf = ({ points }: SweepMetrics): Map<string, string> =>
  new Map(
    points.flatMap(({ figures }) => Object.entries(figures).map(([name, { unit }]): [string, string] => [name, unit])),
  );

export const figureNamesOf = ({ points, groups }: SweepMetrics): string[] =>
  orderedNames([...points, ...groups].map(({ figures }) => figures));

export const settingRows = (metrics: SweepMetrics, settings: Settings): SettingRow[] => {
  const columns = figureNamesOf(metrics).map((name): [string, number | undefined] => {
    const column = metrics.groups.map(({ figures }) => figures[name]).filter((figure) => figure !== undefined);
    return [name, columnDecimals(column)];
  });
  const decimals = new Map(columns);
  return settings.all.map((setting) => {
    const group = metrics.groups.find(({ choices }) => settings.of(choices) === setting);
    const points = metrics.points.filter(({ choices }) => settings.of(choices) === setting);
    const cells = Object.entries(group?.figures ?? {}).map(([name, figure]): [string, Cell] => {
      const [text, half] = formatSpread(figure, figure.unit, decimals.get(name));
      const upperBound = points.some(({ figures }) => isUpperBound(figures[name]));
      return [name, { mean: figure.mean, low: figure.low, high: figure.high, n: figure.n, text, half, upperBound }];
    });
    return { setting, seeds: group?.seeds ?? points.map(({ seed }) => seed), cells: new Map(cells) };
  });
};

/** Why figures are null: one line for each reason, with the figures and how many trials it is the reason of. */
export const nullReasons = (metrics: SweepMetrics): { names: string[]; reason: string; trials: number }[] => {
  const reasons = new Map<string, { names: Set<string>; trials: Set<string> }>();
  for (const { trial, figures } of metrics.points)
    for (const [name, { value, note }] of Object.entries(figures)) {
      if (value !== null || classOf(name)) continue;
      const reason = note ?? "no reason was given";
      const found = reasons.get(reason) ?? { names: new Set(), trials: new Set() };
      reasons.set(reason, found);
      found.names.add(name);
      found.trials.add(trial);
    }
  return [...reasons].map(([reason, { names, trials }]) => ({ names: [...names], reason, trials: trials.size }));
};
