/** The table by trial: the outcome of every planned trial, including failed and unreached ones. */
import type { Measurement } from "../../contracts/measurement.js";
import type { Declarations } from "../../storage/layout.js";
import { columnsOf, isOfClass, isOfPriorDraws } from "../figures/columns.js";
import type { Settings } from "../figures/settings.js";
import { noteOf, valueText } from "../figures/values.js";
import { html, type Markup } from "../pages/html.js";
import type { TrialRecord } from "../read/sweep.js";
import { choiceCells, sortableHead } from "./settings-table.js";

const stateOf = ({ state, reason, stoppedEarly }: TrialRecord): Markup =>
  state === "finished"
    ? html`finished${stoppedEarly && html`: ${stoppedEarly}`}`
    : html`<span class="${state === "failed" ? "bad" : ""}">${state}</span>${reason && html`: ${reason}`}`;

const valueCell = (found: Measurement | undefined): Markup => {
  if (!found) return html`<td class="number" data-value=""></td>`;
  if (found.value === null) return html`<td class="number" data-value="" title="${noteOf(found)}">null</td>`;
  return html`<td class="number" data-value="${found.value}"${found.note && html` title="${found.note}"`}>${valueText(found)}</td>`;
};

export const trialsTable = (
  trials: readonly TrialRecord[],
  figures: Declarations["figures"],
  settings: Settings,
): Markup => {
  const columns = columnsOf(
    trials.map(({ measurements }) => measurements ?? {}),
    figures,
  ).filter((column) => !isOfClass(column) && isOfPriorDraws(column.key));
  return html`<p class="reading">One row per trial. The report of each trial also has standard errors, notes, figures by class and other sets of samples.</p>
<div class="scroll" tabindex="0" role="region" aria-label="Figures by trial">
<table class="sortable">
<thead><tr>${settings.axes.map(({ label, numeric }) => sortableHead(label, "", numeric))}${sortableHead("seed", "", true)}${sortableHead("state", "", false)}${columns.map(({ title, unit }) => sortableHead(title, unit, true))}${sortableHead("trial", "", false)}</tr></thead>
<tbody>${trials.map(
    (trial) =>
      html`<tr>${choiceCells(settings, trial.choices)}<td class="number" data-value="${trial.seed}">${trial.seed}</td><td class="note">${stateOf(trial)}</td>${columns.map(({ name }) => valueCell(trial.measurements?.[name]))}<td><code>${trial.id.slice(0, 12)}</code></td></tr>`,
  )}</tbody></table></div>`;
};
