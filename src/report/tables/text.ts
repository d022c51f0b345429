/** The tables as plain text, for a terminal or a log. */

import type { Measurement } from "../../contracts/measurement.js";
import { maximum } from "../../numerics/lists.js";
import type { RunMetrics, SweepMetrics } from "../../storage/layout.js";
import { describeSeeds } from "../charts/describe.js";
import {
  ARROWS_MEANING,
  bySection,
  type Column,
  columnsOf,
  directedUnit,
  isLeading,
  isOfClass,
} from "../figures/columns.js";
import { formatError, joinWords, plural } from "../figures/numbers.js";
import { describeChoice, type Settings, settingsOf } from "../figures/settings.js";
import { boundMark, boundMeanings, noteOf, valueText } from "../figures/values.js";
import { align, joinLines, rule } from "./align.js";
import { footnotesOf } from "./footnotes.js";
import { boundsOf, nullReasons, type SettingRow, settingRows, sweepColumns } from "./rows.js";

const WIDTH = 120;

const cellText = ({ cells }: SettingRow, { name }: Column): string => {
  const cell = cells.get(name);
  if (!cell) return "null";
  return `${boundMark(cell.bound, "")}${cell.text}${cell.half === null ? "" : ` ± ${cell.half}`}`;
};

/** The lines of a table of these columns, with a rule below the head. */
const block = (rows: readonly SettingRow[], settings: Settings, columns: readonly Column[]): string[] => {
  const left = new Set(settings.axes.flatMap(({ numeric }, i) => (numeric ? [] : [i])));
  const cells = rows.map((row) => [
    ...settings.axes.map(({ path }) => describeChoice(row.setting.choices[path])),
    String(row.seeds.length),
    ...columns.map((column) => cellText(row, column)),
  ]);
  const heads = [...settings.axes.map(({ label }) => label), "seeds", ...columns.map(({ title }) => title)];
  const units = [...settings.axes.map(() => ""), "", ...columns.map(directedUnit)];
  const lines = align([heads, units, ...cells], left);
  return [...lines.slice(0, 2), rule(lines), ...lines.slice(2), rule(lines)];
};

const widthOf = (lines: readonly string[]): number => maximum(lines.map((line) => [...line].length));

/** Splits columns into tables that fit the width. A section is split only if it does not fit by itself. */
const tablesOf = (rows: readonly SettingRow[], settings: Settings, columns: readonly Column[]): Column[][] => {
  const fits = (chosen: readonly Column[]): boolean =>
    chosen.length < 2 || widthOf(block(rows, settings, chosen)) <= WIDTH;
  const add = (tables: Column[][], part: readonly Column[]): Column[][] => {
    const last = tables.at(-1) ?? [];
    return fits([...last, ...part]) ? [...tables.slice(0, -1), [...last, ...part]] : [...tables, [...part]];
  };
  return bySection(columns).reduce<Column[][]>(
    (tables, { columns: own }) =>
      fits(own) ? add(tables, own) : own.reduce((all, column) => add(all, [column]), tables),
    [],
  );
};

/**
 * The table by setting: mean and half-interval of each leading figure, with the method, what marks and nulls mean, and the names
 * of the figures that only report.html shows.
 * @param weights the swept paths that are weights in the loss, which order the settings
 */
export const formatSweepTable = (metrics: SweepMetrics, weights: readonly string[] = []): string => {
  const settings = settingsOf(
    metrics.groups.map(({ choices }) => choices),
    weights,
  );
  const all = sweepColumns(metrics).filter((column) => !isOfClass(column));
  const leading = all.filter(isLeading);
  const columns = leading.length > 0 ? leading : all;
  const rows = settingRows(metrics, settings);
  const shown = new Set(columns.map(({ figure }) => figure));
  const others = [...new Set(all.map(({ figure }) => figure))].filter((figure) => !shown.has(figure));
  const sets = all.some((column) => !columns.includes(column) && shown.has(column.figure));
  const elsewhere = [...others.map(({ title }) => title), ...(sets ? ["other sets of samples"] : [])];
  return joinLines([
    ...tablesOf(rows, settings, columns).flatMap((table) => block(rows, settings, table)),
    `mean ± half the interval; ${describeSeeds(metrics)}`,
    ...(columns.some(({ figure }) => figure.better !== "neither") ? [ARROWS_MEANING] : []),
    ...boundsOf(rows, columns),
    ...nullReasons(metrics).map(
      ({ titles, reason, trials }) => `null (${joinWords(titles)}, ${plural(trials, "trial")}): ${reason}`,
    ),
    ...(elsewhere.length > 0 ? [`only in the report: ${joinWords(elsewhere)}`] : []),
  ]);
};

/**
 * One line per measurement: value, standard error, unit, n, k and note. Shared notes are printed once below the table. Figures of
 * single classes are only in the report.
 */
export const formatRunTable = ({ measurements, figures, split, checkpoint }: RunMetrics): string => {
  const all = columnsOf([measurements], figures);
  const columns = all.filter((column) => !isOfClass(column));
  const footnotes = footnotesOf(columns.map(({ name }) => noteOf(measurements[name]!)));
  const noted = (found: Measurement): string => {
    const { own, mark } = footnotes.of(noteOf(found));
    return [own, mark === undefined ? "" : `[${mark}]`].filter(Boolean).join(" ");
  };
  const rows = columns.map((column) => {
    const found = measurements[column.name]!;
    const { n, k, standardError } = found;
    return [
      column.title,
      valueText(found, ""),
      formatError(standardError).replace(/^./, "± $&"),
      column.unit,
      `n=${n}`,
      k === undefined ? "" : `k=${k}`,
      noted(found),
    ];
  });
  const byClass = [...new Set(all.filter(isOfClass).map(({ figure }) => figure.title))];
  return joinLines([
    ...align(rows, new Set([0, 2, 3, 4, 5, 6])),
    ...footnotes.shared.map((note, i) => `[${i + 1}] ${note}`),
    ...boundMeanings(columns, ({ name }) => measurements[name]!.bound),
    ...(byClass.length > 0 ? [`by class, in the report: ${joinWords(byClass)}`] : []),
    `± standard error over examples; ${split} split, ${checkpoint.which} checkpoint (step ${checkpoint.step})`,
  ]);
};
