/** The table by trial: what became of every one of the plan, the failed and the unreached among them. */
import { classOf, figureTitle, isOfAnotherSet, isUpperBound, noteOf, orderedNames } from "../figures/names.js";
import { formatFigure } from "../figures/numbers.js";
import type { Settings } from "../figures/settings.js";
import { html, type Markup } from "../pages/html.js";
import type { TrialRecord } from "../read/sweep.js";
import { choiceCells, sortableHead } from "./settings-table.js";

const stateOf = ({ state, reason, stoppedEarly }: TrialRecord): Markup =>
  state === "finished"
    ? html`finished${stoppedEarly && html`: ${stoppedEarly}`}`
    : html`<span class="${state === "failed" ? "bad" : ""}">${state}</span>${reason && html`: ${reason}`}`;

export const trialsTable = (trials: readonly TrialRecord[], settings: Settings): Markup => {
  const names = orderedNames(trials.map(({ figures }) => figures ?? {})).filter(
    (name) => !classOf(name) && !isOfAnotherSet(name),
  );
  const units = new Map(
    trials.flatMap(({ figures }) =>
      Object.entries(figures ?? {}).map(([name, { unit }]): [string, string] => [name, unit]),
    ),
  );
  return html`<p class="reading">One row a trial. Standard errors over examples, notes, single classes, and other samples than draws at the prior are in each trial's own report.</p>
<div class="scroll" tabindex="0" role="region" aria-label="Figures by trial">
<table class="sortable">
<thead><tr>${settings.axes.map(({ label, numeric }) => sortableHead(label, "", numeric))}${sortableHead("seed", "", true)}${sortableHead("state", "", false)}${names.map((name) => sortableHead(figureTitle(name), units.get(name) ?? "", true))}${sortableHead("trial", "", false)}</tr></thead>
<tbody>${trials.map(
    (trial) =>
      html`<tr>${choiceCells(settings, trial.choices)}<td class="number" data-value="${trial.seed}">${trial.seed}</td><td class="note">${stateOf(trial)}</td>${names.map(
        (name) => {
          const figure = trial.figures?.[name];
          if (!figure) return html`<td class="number" data-value=""></td>`;
          if (figure.value === null) return html`<td class="number" data-value="" title="${noteOf(figure)}">null</td>`;
          return html`<td class="number" data-value="${figure.value}"${figure.note && html` title="${figure.note}"`}>${isUpperBound(figure) && "≤ "}${formatFigure(figure.value, figure.unit)}</td>`;
        },
      )}<td><code>${trial.id.slice(0, 12)}</code></td></tr>`,
  )}</tbody></table></div>`;
};
