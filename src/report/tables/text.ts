/** The tables as plain text, for a terminal or a log. */
import type { Figure } from "../../contracts/metric.js";
import type { RunMetrics, SweepMetrics } from "../../storage/layout.js";
import { describeSeeds } from "../charts/describe.js";
import {
  classOf,
  figureTitle,
  isLeading,
  isNll,
  isUpperBound,
  noteOf,
  orderedNames,
  splitName,
} from "../figures/names.js";
import { formatError, formatFigure, joinWords, plural } from "../figures/numbers.js";
import { describeChoice, settingsOf } from "../figures/settings.js";
import { align, rule } from "./align.js";
import { footnotesOf } from "./footnotes.js";
import { figureNamesOf, nullReasons, settingRows, unitsOf } from "./rows.js";

/**
 * The table by setting: each leading figure's mean and half-interval, aligned, with the method, the reasons of nulls, and the names
 * of the figures that had no place, which report.html has.
 */
export const formatSweepTable = (metrics: SweepMetrics): string => {
  const settings = settingsOf(metrics.groups.map(({ choices }) => choices));
  const units = unitsOf(metrics);
  const all = figureNamesOf(metrics).filter((name) => !classOf(name));
  const names = all.filter(isLeading).length > 0 ? all.filter(isLeading) : all;
  const rows = settingRows(metrics, settings);
  const bounded = rows.some(({ cells }) => names.some((name) => cells.get(name)?.upperBound));
  const left = new Set(settings.axes.flatMap(({ numeric }, i) => (numeric ? [] : [i])));
  const pairs = rows.map(({ setting, seeds, cells }) => [
    ...settings.axes.map(({ path }) => describeChoice(setting.choices[path])),
    String(seeds.length),
    ...names.map((name) => {
      const cell = cells.get(name);
      return cell ? `${cell.upperBound ? "≤" : ""}${cell.text}${cell.half === null ? "" : ` ± ${cell.half}`}` : "null";
    }),
  ]);
  const heads = [...settings.axes.map(({ label }) => label), "seeds", ...names.map(figureTitle)];
  const unitLine = [...settings.axes.map(() => ""), "", ...names.map((name) => units.get(name) ?? "")];
  const lines = align([heads, unitLine, ...pairs], left);
  // Of several sets of samples by the figure's own name.
  const others = [
    ...new Set(
      all.filter((name) => !names.includes(name)).map((name) => (isNll(name) ? name : splitName(name).figure)),
    ),
  ];
  return [
    ...lines.slice(0, 2),
    rule(lines),
    ...lines.slice(2),
    rule(lines),
    `mean ± half of the interval; ${describeSeeds(metrics)}`,
    ...(bounded ? ["≤ upper bound: a median effective sample size below 10"] : []),
    ...nullReasons(metrics).map(
      ({ names: nulls, reason, trials }) =>
        `null (${joinWords(nulls.map(figureTitle))}, ${plural(trials, "trial")}): ${reason}`,
    ),
    ...(others.length > 0 ? [`in the report: ${joinWords(others.map(figureTitle))}`] : []),
  ].join("\n");
};

/**
 * A line a figure: value, standard error, unit, n, k and note. Notes that many share are said once beneath; figures of single
 * classes are left to the report.
 */
export const formatRunTable = ({ figures, split, checkpoint }: RunMetrics): string => {
  const names = orderedNames([figures]);
  const shown = names.filter((name) => !classOf(name));
  const footnotes = footnotesOf(shown.flatMap((name) => (figures[name] ? [noteOf(figures[name])] : [])));
  const noted = (figure: Figure): string => {
    const { own, mark } = footnotes.of(noteOf(figure));
    return [own, mark === undefined ? "" : `[${mark}]`].filter(Boolean).join(" ");
  };
  const rows = shown.flatMap((name) => {
    const figure = figures[name];
    if (!figure) return [];
    const value =
      figure.value === null ? "null" : `${isUpperBound(figure) ? "≤" : ""}${formatFigure(figure.value, figure.unit)}`;
    const error = figure.standardError === undefined ? "" : `± ${formatError(figure.standardError)}`;
    return [
      [
        figureTitle(name),
        value,
        error,
        figure.unit,
        `n=${figure.n}`,
        figure.k === undefined ? "" : `k=${figure.k}`,
        noted(figure),
      ],
    ];
  });
  const byClass = [...new Set(names.flatMap((name) => splitName(classOf(name)?.figure ?? "").figure || []))];
  const lines = align(rows, new Set([0, 2, 3, 4, 5, 6]));
  return [
    ...lines,
    ...footnotes.shared.map((note, i) => `[${i + 1}] ${note}`),
    ...(byClass.length > 0 ? [`in the report, class by class: ${joinWords(byClass.map(figureTitle))}`] : []),
    `± standard error over examples; ${split} split, ${checkpoint.which} checkpoint (step ${checkpoint.step})`,
  ].join("\n");
};
