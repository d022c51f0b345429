/** The table by setting: mean and half-interval of every figure; each column sorts. */
import type { SweepTradeoff } from "../../core/run-folder/layout.js";
import { describeSeeds } from "../charts/describe.js";
import { figureTitle } from "../figure-names.js";
import { html, type Markup } from "../html.js";
import { joinWords, plural } from "../numbers.js";
import { describeChoice, type Settings } from "../settings.js";
import { figureNamesOf, nullReasons, settingRows, unitsOf } from "./rows.js";

/** A head whose button sorts its column. */
export const sortableHead = (title: string, unit: string, numeric: boolean): Markup =>
  html`<th scope="col"${numeric && html` class="number${unit && " figure"}"`}><button type="button">${title}</button>${unit && html`<span class="unit-line">${unit}</span>`}</th>`;

export const nullNotes = (tradeoff: SweepTradeoff): Markup | null => {
  const notes = nullReasons(tradeoff);
  return notes.length === 0
    ? null
    : html`<ul class="notes">${notes.map(({ names, reason, trials }) => html`<li>${joinWords(names.map(figureTitle))}: null in ${plural(trials, "trial")}, because ${reason}.</li>`)}</ul>`;
};

export const settingsTable = (tradeoff: SweepTradeoff, settings: Settings): Markup => {
  const [names, units, rows] = [figureNamesOf(tradeoff), unitsOf(tradeoff), settingRows(tradeoff, settings)];
  const bounded = rows.some(({ cells }) => [...cells.values()].some(({ upperBound }) => upperBound));
  return html`<p class="reading">Mean ± half of the interval. ${describeSeeds(tradeoff)}.${bounded && " ≤ marks an upper bound: a median effective sample size below 10."}</p>
<div class="scroll" tabindex="0" role="region" aria-label="Figures by setting">
<table class="sortable">
<thead><tr>${settings.axes.map(({ label, numeric }) => sortableHead(label, "", numeric))}${sortableHead("seeds", "", true)}${names.map((name) => sortableHead(figureTitle(name), units.get(name) ?? "", true))}</tr></thead>
<tbody>${rows.map(
    ({ setting, seeds, cells }) =>
      html`<tr>${settings.axes.map(({ path, numeric }) => {
        const text = describeChoice(setting.choices[path]);
        return numeric
          ? html`<td class="number" data-value="${text}">${text}</td>`
          : html`<td class="choice">${text}</td>`;
      })}<td class="number" data-value="${seeds.length}" title="${joinWords(seeds.map((seed) => `seed ${seed}`))}">${seeds.length}</td>${names.map(
        (name) => {
          const cell = cells.get(name);
          if (!cell) return html`<td class="number" data-value="">null</td>`;
          return html`<td class="number" data-value="${cell.mean}">${cell.upperBound && "≤ "}${cell.text}${cell.half !== null && html`<span class="spread"> ± ${cell.half}</span>`}</td>`;
        },
      )}</tr>`,
  )}</tbody></table></div>${nullNotes(tradeoff)}`;
};
