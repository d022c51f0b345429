/** Overlaid curves of all trials of a sweep, colored by setting: one panel per term and series. */
import type { LoggedFigure } from "../../contracts/logged-figure.js";
import { formatNumber, plural } from "../figures/numbers.js";
import { describeChoice, type Setting, type Settings } from "../figures/settings.js";
import { type Curves, type Split, thin } from "../read/curves.js";
import { has } from "../read/piece.js";
import type { TrialRecord } from "../read/sweep.js";
import { type Chart, sentences } from "./chart.js";
import { positionColor } from "./colors.js";
import { termFigures } from "./curve-figures.js";
import { type Panel, panelsSpec } from "./panels.js";

const MOST_POINTS = 100;
const MOST_TERMS = 6;

interface Logged {
  trial: TrialRecord;
  setting: Setting;
  curves: Curves;
}

const labelOf = (setting: Setting, { primary }: Settings): string =>
  primary ? `${primary.label} ${describeChoice(setting.position)}` : setting.label;

/** The figures of all trials; those of the first trial come first. */
const distinctFigures = (logged: readonly Logged[]): LoggedFigure[] => {
  const figures = new Map<string, LoggedFigure>();
  for (const { curves } of logged)
    for (const figure of termFigures(curves)) if (!figures.has(figure.name)) figures.set(figure.name, figure);
  return [...figures.values()];
};

/** A panel for each series and term. */
const panelsOf = (
  logged: readonly Logged[],
  figures: readonly LoggedFigure[],
  split: Split,
  settings: Settings,
): Panel[] =>
  (settings.primary ? settings.series : [""]).flatMap((series) =>
    figures.flatMap(({ name, title }): Panel[] => {
      const own = logged.filter(({ setting }) => !settings.primary || setting.series === series);
      const rows = own.flatMap(({ trial, setting, curves }) =>
        thin(curves.get(name, split)?.points ?? [], MOST_POINTS).map(({ at, value }) => ({
          at,
          value,
          line: labelOf(setting, settings),
          trial: trial.id,
        })),
      );
      return rows.length > 0 ? [{ title: [title, series].filter(Boolean).join(", "), rows }] : [];
    }),
  );

/** Final value of each term, averaged over the trials of a setting. */
const endsOf = (
  logged: readonly Logged[],
  figures: readonly LoggedFigure[],
  split: Split,
  settings: Settings,
): string[] =>
  settings.all.flatMap((setting) =>
    figures.flatMap(({ name, title }) => {
      const ends = logged
        .filter((entry) => entry.setting === setting)
        .flatMap(({ curves }) => curves.get(name, split)?.points.slice(-1) ?? []);
      const mean = ends.reduce((sum, { value }) => sum + value, 0) / ends.length;
      return ends.length > 0 ? [`${setting.label}: mean final ${title} ${formatNumber(mean)}`] : [];
    }),
  );

export const trialCurves = (trials: readonly TrialRecord[], settings: Settings): Chart | undefined => {
  const logged = trials.flatMap((trial) => {
    const setting = settings.of(trial.choices);
    return has(trial.curves) && setting ? [{ trial, setting, curves: trial.curves.value }] : [];
  });
  const figures = distinctFigures(logged).slice(0, MOST_TERMS);
  const split: Split = logged.some(({ curves }) => figures.some(({ name }) => curves.get(name, "validation")))
    ? "validation"
    : "train";
  const panels = panelsOf(logged, figures, split, settings);
  if (panels.length === 0) return undefined;
  const lines = new Map(settings.all.map((setting) => [labelOf(setting, settings), positionColor(settings, setting)]));
  const along = logged[0]?.curves.along ?? "step";
  return {
    heading: `Loss and its terms in every trial, on the ${split} split`,
    alt: sentences(`Curves of ${plural(logged.length, "trial")}`, endsOf(logged, figures, split, settings)),
    caption: sentences(
      `Each of the ${plural(logged.length, "line")} is a trial; colors are settings`,
      "Losses with different weights cannot be compared, while their terms can",
      logged.length < trials.length && `${plural(trials.length - logged.length, "trial")} left no training history`,
      logged.some(({ curves }) => curves.all.some(({ points }) => points.length > MOST_POINTS)) &&
        `Curves with more than ${MOST_POINTS} values show means of neighboring values`,
    ),
    spec: panelsSpec(
      panels,
      along,
      { names: [...lines.keys()], colors: [...lines.values()], detail: "trial" },
      Math.min(3, figures.length),
    ),
  };
};
