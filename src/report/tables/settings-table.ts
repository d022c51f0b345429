/** The table by setting: mean and half-interval of every figure; each column sorts. */
import type { SweepMetrics } from "../../storage/layout.js";
import { describeSeeds } from "../charts/describe.js";
import { type Column, isOfClass, isOfPriorDraws } from "../figures/columns.js";
import { formatFigure, joinWords, plural } from "../figures/numbers.js";
import { controlsOf, controlTitle } from "../figures/sample-sets.js";
import { describeChoice, type Setting, type Settings } from "../figures/settings.js";
import { boundMark } from "../figures/values.js";
import { html, type Markup } from "../pages/html.js";
import { readings } from "./readings.js";
import { boundsOf, type Cell, nullReasons, settingRows, sweepColumns } from "./rows.js";

/** A head whose button sorts its column. */
export const sortableHead = (title: string, unit: string, numeric: boolean): Markup =>
  html`<th scope="col"${numeric && html` class="number${unit && " figure"}"`}><button type="button">${title}</button>${unit && html`<span class="unit-line">${unit}</span>`}</th>`;

/** A cell per axis of the sweep, with the value of this setting or trial. */
export const choiceCells = ({ axes }: Settings, choices: Setting["choices"]): Markup[] =>
  axes.map(({ path, numeric }) => {
    const text = describeChoice(choices[path]);
    return numeric ? html`<td class="number" data-value="${text}">${text}</td>` : html`<td class="choice">${text}</td>`;
  });

export const nullNotes = (metrics: SweepMetrics): Markup | null => {
  const notes = nullReasons(metrics);
  return notes.length === 0
    ? null
    : html`<ul class="notes">${notes.map(({ titles, reason, trials }) => html`<li>${joinWords(titles)}: null in ${plural(trials, "trial")}: ${reason}.</li>`)}</ul>`;
};

const valueCell = (cell: Cell | undefined): Markup => {
  if (!cell) return html`<td class="number" data-value="">null</td>`;
  return html`<td class="number" data-value="${cell.mean}">${boundMark(cell.bound)}${cell.text}${cell.half !== null && html`<span class="spread"> ± ${cell.half}</span>`}</td>`;
};

const tableOf = (metrics: SweepMetrics, settings: Settings, columns: readonly Column[], label: string): Markup =>
  html`<div class="scroll" tabindex="0" role="region" aria-label="${label}">
<table class="sortable">
<thead><tr>${settings.axes.map(({ label, numeric }) => sortableHead(label, "", numeric))}${sortableHead("seeds", "", true)}${columns.map(({ title, unit }) => sortableHead(title, unit, true))}</tr></thead>
<tbody>${settingRows(metrics, settings).map(
    ({ setting, seeds, cells }) =>
      html`<tr>${choiceCells(settings, setting.choices)}<td class="number" data-value="${seeds.length}" title="${joinWords(seeds.map((seed) => `seed ${seed}`))}">${seeds.length}</td>${columns.map(({ name }) => valueCell(cells.get(name)))}</tr>`,
  )}</tbody>${controlRows(metrics, settings, columns)}</table></div>${readings(columns)}`;

/** Figures of the controls, below the settings, where sorting does not move them. */
const controlRows = (metrics: SweepMetrics, settings: Settings, columns: readonly Column[]): Markup | false => {
  const controls = new Map(columns.map(({ name, key }) => [name, controlsOf(metrics, key)]));
  const sets = [...new Set([...controls.values()].flatMap((own) => own.map(({ set }) => set)))];
  const cell = ({ name }: Column, set: string): Markup => {
    const found = controls.get(name)?.find((control) => control.set === set);
    return html`<td class="number">${found && formatFigure(found.value, found.unit)}</td>`;
  };
  return (
    sets.length > 0 &&
    html`<tbody class="controls">${sets.map(
      (set) =>
        html`<tr><th scope="row" colspan="${settings.axes.length + 1}">control: ${controlTitle(set)}</th>${columns.map((column) => cell(column, set))}</tr>`,
    )}</tbody>`
  );
};

export const settingsTable = (metrics: SweepMetrics, settings: Settings): Markup => {
  const columns = sweepColumns(metrics).filter((column) => !isOfClass(column));
  const bounds = boundsOf(settingRows(metrics, settings), columns);
  const model = columns.filter(({ key }) => key.set === undefined);
  const samples = columns.filter(({ key }) => key.set !== undefined && isOfPriorDraws(key));
  const others = columns.filter(({ key }) => !isOfPriorDraws(key));
  return html`<p class="reading">Mean ± half the interval. ${describeSeeds(metrics)}.${bounds.length > 0 && ` ${bounds.join("; ")}.`}</p>
${tableOf(metrics, settings, model, "Figures by setting")}${samples.length > 0 && html`<p class="reading">Samples from the prior, and below them the controls: sets of known quality, scored the same way.</p>${tableOf(metrics, settings, samples, "Figures of samples by setting")}`}${nullNotes(metrics)}${others.length > 0 && html`<details><summary>Other sets of samples: decoded means, and samplers fitted to the codes</summary>${tableOf(metrics, settings, others, "Figures by setting, other sets of samples")}</details>`}`;
};
