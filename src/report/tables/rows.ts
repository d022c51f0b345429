/** Numbers of a sweep's table by setting, for page and terminal. */
import type { Measurement } from "../../contracts/measurement.js";
import type { SweepMetrics } from "../../storage/layout.js";
import { type Column, columnsOf, isOfClass } from "../figures/columns.js";
import { columnDecimals, formatSpread, type Spread } from "../figures/numbers.js";
import type { Setting, Settings } from "../figures/settings.js";
import { boundMeanings } from "../figures/values.js";

export interface Cell extends Spread {
  /** The mean as text, and its half-interval if it has one. */
  text: string;
  half: string | null;
  /** Number of seeds. */
  n: number;
  /** Set if at least one seed has it. */
  bound: Measurement["bound"];
}
export interface SettingRow {
  setting: Setting;
  seeds: readonly number[];
  /** By measurement; absent where no seed has it. */
  cells: ReadonlyMap<string, Cell>;
}

/** Including those of single classes. */
export const sweepColumns = ({ points, groups, figures }: SweepMetrics): Column[] =>
  columnsOf(
    [...points, ...groups].map(({ measurements }) => measurements),
    figures,
  );

export const settingRows = (metrics: SweepMetrics, settings: Settings): SettingRow[] => {
  const decimals = new Map<string, number | undefined>();
  const decimalsOf = (name: string): number | undefined => {
    if (!decimals.has(name)) {
      const column = metrics.groups.flatMap(({ measurements }) => measurements[name] ?? []);
      decimals.set(name, columnDecimals(column));
    }
    return decimals.get(name);
  };
  return settings.all.map((setting) => {
    const group = metrics.groups.find(({ choices }) => settings.of(choices) === setting);
    const points = metrics.points.filter(({ choices }) => settings.of(choices) === setting);
    const cells = Object.entries(group?.measurements ?? {}).map(([name, found]): [string, Cell] => {
      const { mean, low, high, n, unit, bound } = found;
      const [text, half] = formatSpread(found, unit, decimalsOf(name));
      return [name, { mean, low, high, n, text, half, bound }];
    });
    return { setting, seeds: group?.seeds ?? points.map(({ seed }) => seed), cells: new Map(cells) };
  });
};

/** What the marks before the values of these columns mean. */
export const boundsOf = (rows: readonly SettingRow[], columns: readonly Column[]): string[] =>
  boundMeanings(columns, ({ name }) => rows.map(({ cells }) => cells.get(name)?.bound).find((bound) => bound));

/** Why figures are null: each reason with its columns and its number of trials. */
export const nullReasons = (metrics: SweepMetrics): { titles: string[]; reason: string; trials: number }[] => {
  const reasons = new Map<string, { titles: Set<string>; trials: Set<string> }>();
  const columns = sweepColumns(metrics).filter((column) => !isOfClass(column));
  for (const { trial, measurements } of metrics.points)
    for (const { name, title } of columns) {
      const found = measurements[name];
      if (found?.value !== null) continue;
      const reason = found.note ?? "no reason was given";
      const known = reasons.get(reason) ?? { titles: new Set(), trials: new Set() };
      reasons.set(reason, known);
      known.titles.add(title);
      known.trials.add(trial);
    }
  return [...reasons].map(([reason, { titles, trials }]) => ({ titles: [...titles], reason, trials: trials.size }));
};
