/** The figures of one run, each with its n, k, standard error, and its note or the reason why it is null. */
import type { Figure } from "../../core/contracts/metric.js";
import { drawable, figureTitle, isLeading, isUpperBound, noteOf, orderedNames, splitName } from "../figure-names.js";
import { html, type Markup } from "../html.js";
import { formatError, formatFigure } from "../numbers.js";
import { controlTitle } from "../sample-sets.js";

type Figures = Readonly<Record<string, Figure>>;

export const figuresTable = (figures: Figures, controls: Readonly<Record<string, Figures>> = {}): Markup => {
  const sets = Object.keys(controls);
  const rows = orderedNames([figures]).flatMap((name) => (figures[name] ? [{ name, figure: figures[name] }] : []));
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Figures of this run"><table>
<thead><tr><th scope="col">figure</th><th scope="col" class="number">value</th><th scope="col" class="number">standard error</th><th scope="col">unit</th><th scope="col" class="number">n</th><th scope="col" class="number">k</th>${sets.map((set) => html`<th scope="col" class="number">${controlTitle(set)}</th>`)}<th scope="col">note</th></tr></thead>
<tbody>${rows.map(
    ({ name, figure }) => html`<tr><th scope="row">${figureTitle(name)}</th>
<td class="number">${figure.value === null ? "null" : html`${isUpperBound(figure) && "≤ "}${formatFigure(figure.value, figure.unit)}`}</td>
<td class="number">${figure.standardError !== undefined && formatError(figure.standardError)}</td>
<td>${figure.unit}</td><td class="number">${figure.n}</td><td class="number">${figure.k}</td>
${sets.map((set) => {
  const control = controls[set]?.[splitName(name).figure];
  return html`<td class="number">${drawable(control) && formatFigure(control.value, control.unit)}</td>`;
})}<td class="note">${noteOf(figure)}</td></tr>`,
  )}</tbody></table></div>`;
};

/** The few that place a model at a glance; those that are null have their reason in the table. */
export const figureTiles = (figures: Figures): Markup =>
  html`<ul class="tiles">${orderedNames([figures])
    .filter(isLeading)
    .map((name) => {
      const figure = figures[name];
      if (!figure) return null;
      const value = figure.value === null ? "null" : formatFigure(figure.value, figure.unit);
      return html`<li><span class="name">${figureTitle(name)}</span><span class="value">${isUpperBound(figure) && "≤ "}${value} <span class="unit">${figure.unit}</span></span></li>`;
    })}</ul>`;
