/** The table by setting: mean and half-interval of every figure; each column sorts. */
import type { SweepMetrics } from "../../storage/layout.js";
import { describeSeeds } from "../charts/describe.js";
import { classOf, figureTitle, isOfAnotherSet, splitName } from "../figures/names.js";
import { formatFigure, joinWords, plural } from "../figures/numbers.js";
import { controlsOf, controlTitle } from "../figures/sample-sets.js";
import { describeChoice, type Setting, type Settings } from "../figures/settings.js";
import { html, type Markup } from "../pages/html.js";
import { figureNamesOf, nullReasons, settingRows, unitsOf } from "./rows.js";

/** A head whose button sorts its column. */
export const sortableHead = (title: string, unit: string, numeric: boolean): Markup =>
  html`<th scope="col"${numeric && html` class="number${unit && " figure"}"`}><button type="button">${title}</button>${unit && html`<span class="unit-line">${unit}</span>`}</th>`;

/** A cell for each axis of the sweep: what this setting, or trial, chose there. */
export const choiceCells = ({ axes }: Settings, choices: Setting["choices"]): Markup[] =>
  axes.map(({ path, numeric }) => {
    const text = describeChoice(choices[path]);
    return numeric ? html`<td class="number" data-value="${text}">${text}</td>` : html`<td class="choice">${text}</td>`;
  });

export const nullNotes = (metrics: SweepMetrics): Markup | null => {
  const notes = nullReasons(metrics);
  return notes.length === 0
    ? null
    : html`<ul class="notes">${notes.map(({ names, reason, trials }) => html`<li>${joinWords(names.map(figureTitle))}: null in ${plural(trials, "trial")}, because ${reason}.</li>`)}</ul>`;
};

const tableOf = (metrics: SweepMetrics, settings: Settings, names: readonly string[], label: string): Markup => {
  const [units, rows] = [unitsOf(metrics), settingRows(metrics, settings)];
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${label}">
<table class="sortable">
<thead><tr>${settings.axes.map(({ label, numeric }) => sortableHead(label, "", numeric))}${sortableHead("seeds", "", true)}${names.map((name) => sortableHead(figureTitle(name), units.get(name) ?? "", true))}</tr></thead>
<tbody>${rows.map(
    ({ setting, seeds, cells }) =>
      html`<tr>${choiceCells(settings, setting.choices)}<td class="number" data-value="${seeds.length}" title="${joinWords(seeds.map((seed) => `seed ${seed}`))}">${seeds.length}</td>${names.map(
        (name) => {
          const cell = cells.get(name);
          if (!cell) return html`<td class="number" data-value="">null</td>`;
          return html`<td class="number" data-value="${cell.mean}">${cell.upperBound && "≤ "}${cell.text}${cell.half !== null && html`<span class="spread"> ± ${cell.half}</span>`}</td>`;
        },
      )}</tr>`,
  )}</tbody>${controlRows(metrics, settings, names)}</table></div>`;
};

/** Beneath the settings, and left there by sorting: what sets of a known standing score. */
const controlRows = (metrics: SweepMetrics, settings: Settings, names: readonly string[]): Markup | false => {
  const controls = new Map(names.map((name) => [name, controlsOf(metrics, splitName(name).figure)]));
  const sets = [...new Set([...controls.values()].flatMap((own) => own.map(({ set }) => set)))];
  return (
    sets.length > 0 &&
    html`<tbody class="controls">${sets.map(
      (set) =>
        html`<tr><th scope="row" colspan="${settings.axes.length + 1}">control: ${controlTitle(set)}</th>${names.map(
          (name) => {
            const found = controls.get(name)?.find((control) => control.set === set);
            return html`<td class="number">${found && formatFigure(found.value, found.unit)}</td>`;
          },
        )}</tr>`,
    )}</tbody>`
  );
};

export const settingsTable = (metrics: SweepMetrics, settings: Settings): Markup => {
  const [names, rows] = [figureNamesOf(metrics).filter((name) => !classOf(name)), settingRows(metrics, settings)];
  const bounded = rows.some(({ cells }) => [...cells.values()].some(({ upperBound }) => upperBound));
  const hasControls = (name: string): boolean => controlsOf(metrics, splitName(name).figure).length > 0;
  const others = names.filter(isOfAnotherSet);
  const first = names.filter((name) => !isOfAnotherSet(name));
  const [samples, model] = [first.filter(hasControls), first.filter((name) => !hasControls(name))];
  return html`<p class="reading">Mean ± half of the interval. ${describeSeeds(metrics)}.${bounded && " ≤ marks an upper bound: a median effective sample size below 10."}</p>
${tableOf(metrics, settings, model, "Figures by setting")}${samples.length > 0 && html`<p class="reading">Samples, draws at the prior, and beneath them the controls: sets whose standing is known, scored alike.</p>${tableOf(metrics, settings, samples, "Figures of samples by setting")}`}${nullNotes(metrics)}${others.length > 0 && html`<details><summary>The same by other sets of samples: decoded means, and samplers fitted on the codes</summary>${tableOf(metrics, settings, others, "Figures by setting, other sets of samples")}</details>`}`;
};
