/** The table by setting: mean and half-interval of every figure; each column sorts. */
import type { SweepTradeoff } from "../../storage/layout.js";
import { describeSeeds } from "../charts/describe.js";
import { classOf, figureTitle, isOfAnotherSet, splitName } from "../figures/names.js";
import { formatFigure, joinWords, plural } from "../figures/numbers.js";
import { controlsOf, controlTitle } from "../figures/sample-sets.js";
import { describeChoice, type Settings } from "../figures/settings.js";
import { html, type Markup } from "../pages/html.js";
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

const tableOf = (tradeoff: SweepTradeoff, settings: Settings, names: readonly string[], label: string): Markup => {
  const [units, rows] = [unitsOf(tradeoff), settingRows(tradeoff, settings)];
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${label}">
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
  )}</tbody>${controlRows(tradeoff, settings, names)}</table></div>`;
};

/** Beneath the settings, and left there by sorting: what sets of a known standing score. */
const controlRows = (tradeoff: SweepTradeoff, settings: Settings, names: readonly string[]): Markup | false => {
  const controls = new Map(names.map((name) => [name, controlsOf(tradeoff, splitName(name).figure)]));
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

export const settingsTable = (tradeoff: SweepTradeoff, settings: Settings): Markup => {
  const [names, rows] = [figureNamesOf(tradeoff).filter((name) => !classOf(name)), settingRows(tradeoff, settings)];
  const bounded = rows.some(({ cells }) => [...cells.values()].some(({ upperBound }) => upperBound));
  const hasControls = (name: string): boolean => controlsOf(tradeoff, splitName(name).figure).length > 0;
  const others = names.filter(isOfAnotherSet);
  const first = names.filter((name) => !isOfAnotherSet(name));
  const [samples, model] = [first.filter(hasControls), first.filter((name) => !hasControls(name))];
  return html`<p class="reading">Mean ± half of the interval. ${describeSeeds(tradeoff)}.${bounded && " ≤ marks an upper bound: a median effective sample size below 10."}</p>
${tableOf(tradeoff, settings, model, "Figures by setting")}${samples.length > 0 && html`<p class="reading">Samples, draws at the prior, and beneath them the controls: sets whose standing is known, scored alike.</p>${tableOf(tradeoff, settings, samples, "Figures of samples by setting")}`}${nullNotes(tradeoff)}${others.length > 0 && html`<details><summary>The same by other sets of samples: decoded means, and samplers fitted on the codes</summary>${tableOf(tradeoff, settings, others, "Figures by setting, other sets of samples")}</details>`}`;
};
