/** Overlaid curves of all trials of a sweep, colored by setting: one panel per term and series. */
import { formatNumber, plural } from "../figures/numbers.js";
import { describeChoice, type Setting, type Settings } from "../figures/settings.js";
import { type Curves, type Split, thin } from "../read/curves.js";
import { has } from "../read/piece.js";
import type { TrialRecord } from "../read/sweep.js";
import { type Chart, sentences } from "./chart.js";
import { positionColor } from "./colors.js";
import { termNames, termTitle } from "./curve-names.js";
import { type Panel, panelsSpec } from "./panels.js";

const MOST_POINTS = 100;

interface Logged {
  trial: TrialRecord;
  setting: Setting;
  curves: Curves;
}

const labelOf = (setting: Setting, { primary }: Settings): string =>
  primary ? `${primary.label} ${describeChoice(setting.position)}` : setting.label;

/** A panel for each series and term. */
const panelsOf = (logged: readonly Logged[], names: readonly string[], split: Split, settings: Settings): Panel[] =>
  (settings.primary ? settings.series : [""]).flatMap((series) =>
    names.flatMap((name): Panel[] => {
      const own = logged.filter(({ setting }) => !settings.primary || setting.series === series);
      const rows = own.flatMap(({ trial, setting, curves }) =>
        thin(curves.get(name, split)?.points ?? [], MOST_POINTS).map(({ at, value }) => ({
          at,
          value,
          line: labelOf(setting, settings),
          trial: trial.id,
        })),
      );
      return rows.length > 0 ? [{ title: [termTitle(name), series].filter(Boolean).join(", "), rows }] : [];
    }),
  );

/** Where each term ends, averaged over the trials of a setting. */
const endsOf = (logged: readonly Logged[], names: readonly string[], split: Split, settings: Settings): string[] =>
  settings.all.flatMap((setting) =>
    names.flatMap((name) => {
      const ends = logged
        .filter((entry) => entry.setting === setting)
        .flatMap(({ curves }) => curves.get(name, split)?.points.slice(-1) ?? []);
      const mean = ends.reduce((sum, { value }) => sum + value, 0) / ends.length;
      return ends.length > 0 ? [`${setting.label}: ${termTitle(name)} ends at ${formatNumber(mean)} on average`] : [];
    }),
  );

export const trialCurves = (trials: readonly TrialRecord[], settings: Settings): Chart | undefined => {
  const logged = trials.flatMap((trial) => {
    const setting = settings.of(trial.choices);
    return has(trial.curves) && setting ? [{ trial, setting, curves: trial.curves.value }] : [];
  });
  const names = [...new Set(logged.flatMap(({ curves }) => termNames(curves)))].slice(0, 6);
  const split: Split = logged.some(({ curves }) => names.some((name) => curves.get(name, "validation")))
    ? "validation"
    : "train";
  const panels = panelsOf(logged, names, split, settings);
  if (panels.length === 0) return undefined;
  const lines = new Map(settings.all.map((setting) => [labelOf(setting, settings), positionColor(settings, setting)]));
  const along = logged[0]?.curves.along ?? "step";
  return {
    heading: `The terms of every trial over training, on the ${split} split`,
    alt: sentences(`Curves of ${plural(logged.length, "trial")}`, endsOf(logged, names, split, settings)),
    caption: sentences(
      `A line is a trial: ${plural(logged.length, "trial")}, a color a setting`,
      "The loss weighs its terms as each setting says, so losses of different weights cannot be compared; rate and distortion can",
      logged.length < trials.length && `${plural(trials.length - logged.length, "trial")} left no log`,
      logged.some(({ curves }) => curves.all.some(({ points }) => points.length > MOST_POINTS)) &&
        `Longer curves are drawn through at most ${MOST_POINTS} means of neighbors`,
    ),
    spec: panelsSpec(
      panels,
      along,
      { names: [...lines.keys()], colors: [...lines.values()], detail: "trial" },
      Math.min(3, names.length),
    ),
  };
};
