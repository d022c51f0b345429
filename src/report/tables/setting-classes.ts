/** Tables of a sweep by class: one row per setting, one column per class, means over seeds. */
import { studentInterval } from "../../numerics/statistics.js";
import { columnDecimals, formatRange, formatSpread } from "../figures/numbers.js";
import type { Setting, Settings } from "../figures/settings.js";
import { html, type Markup } from "../pages/html.js";
import type { ByClass } from "../read/by-class.js";
import { choiceCells, sortableHead } from "./settings-table.js";

export interface ClassColumns {
  unit: string;
  /** Names of the classes, if they have any. */
  names: readonly string[] | undefined;
}
/** One figure of one trial. */
export interface TrialClasses {
  setting: Setting;
  classes: ByClass;
}

export const settingClassTable = (
  heading: string,
  { unit, names }: ClassColumns,
  trials: readonly TrialClasses[],
  settings: Settings,
): Markup => {
  const classes = [...new Set(trials.flatMap((trial) => [...trial.classes.keys()]))].sort((a, b) => a - b);
  const rows = settings.all.flatMap((setting) => {
    const own = trials.filter((trial) => trial.setting === setting);
    if (own.length === 0) return [];
    const spreads = classes.map((label) => {
      const means = own.map((trial) => trial.classes.get(label)?.mean ?? null).filter((mean) => mean !== null);
      return means.length > 0 ? studentInterval(means) : undefined;
    });
    return [{ setting, seeds: own.length, spreads }];
  });
  const counts = classes.map((label) => formatRange(trials.flatMap((trial) => trial.classes.get(label)?.n ?? [])));
  const all = rows.flatMap(({ spreads }) => spreads.filter((spread) => spread !== undefined));
  const decimals = columnDecimals(all);
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${heading}"><table class="sortable">
<thead><tr>${settings.axes.map(({ label, numeric }) => sortableHead(label, "", numeric))}${sortableHead("seeds", "", true)}${classes.map((label) => sortableHead(names?.[label] ?? String(label), "", true))}</tr></thead>
<tbody>${rows.map(
    ({ setting, seeds, spreads }) =>
      html`<tr>${choiceCells(settings, setting.choices)}<td class="number" data-value="${seeds}">${seeds}</td>${spreads.map(
        (spread) => {
          if (!spread) return html`<td class="number" data-value="">null</td>`;
          const [mean, half] = formatSpread(spread, unit, decimals);
          return html`<td class="number" data-value="${spread.mean}">${mean}${half !== null && html`<span class="spread"> ± ${half}</span>`}</td>`;
        },
      )}</tr>`,
  )}</tbody><tbody class="controls"><tr><th scope="row" colspan="${settings.axes.length + 1}">n per trial</th>${counts.map((count) => html`<td class="number">${count}</td>`)}</tr></tbody></table></div>`;
};
