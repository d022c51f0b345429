/**
 * The figures of one run, each with its n, k, standard error, and its note or the reason why it is null: those of the model, then
 * of samples of its prior, then of each sampler that was fitted afterwards. Figures of single classes have tables of their own.
 */
import type { Figure } from "../../contracts/metric.js";
import {
  classOf,
  drawable,
  figureTitle,
  isLeading,
  isUpperBound,
  noteOf,
  orderedNames,
  samplerOf,
  setTitle,
  splitName,
} from "../figures/names.js";
import { formatError, formatFigure } from "../figures/numbers.js";
import { controlTitle } from "../figures/sample-sets.js";
import { html, type Markup } from "../pages/html.js";
import { footnotesOf } from "./footnotes.js";

type Figures = Readonly<Record<string, Figure>>;
type Controls = Readonly<Record<string, Figures>>;

interface Group {
  /** What the table shows, for its region's label. */
  label: string;
  heading?: string;
  reading?: string;
  names: readonly string[];
  controls: Controls;
  title(name: string): string;
}

const tableOf = ({ label, names, controls, title }: Group, figures: Figures): Markup => {
  const sets = Object.keys(controls);
  const rows = names.map((name) => ({ name, figure: figures[name]! }));
  const footnotes = footnotesOf(rows.map(({ figure }) => noteOf(figure)));
  const noteCell = (figure: Figure): Markup => {
    const { own, mark } = footnotes.of(noteOf(figure));
    return html`<td${own !== "" && html` class="note"`}>${own}${mark !== undefined && html`<sup>${mark}</sup>`}</td>`;
  };
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${label}"><table>
<thead><tr><th scope="col">figure</th><th scope="col" class="number">value</th><th scope="col" class="number">standard error</th><th scope="col">unit</th><th scope="col" class="number">n</th><th scope="col" class="number">k</th>${sets.map((set) => html`<th scope="col" class="number">${controlTitle(set)}</th>`)}<th scope="col">note</th></tr></thead>
<tbody>${rows.map(
    ({ name, figure }) => html`<tr><th scope="row">${title(name)}</th>
<td class="number">${figure.value === null ? "null" : html`${isUpperBound(figure) && "≤ "}${formatFigure(figure.value, figure.unit)}`}</td>
<td class="number">${figure.standardError !== undefined && formatError(figure.standardError)}</td>
<td>${figure.unit}</td><td class="number">${figure.n}</td><td class="number">${figure.k}</td>
${sets.map((set) => {
  const control = controls[set]?.[splitName(name).figure];
  return html`<td class="number">${drawable(control) && formatFigure(control.value, control.unit)}</td>`;
})}${noteCell(figure)}</tr>`,
  )}</tbody></table></div>${footnotes.shared.length > 0 && html`<ol class="notes">${footnotes.shared.map((note) => html`<li>${note}</li>`)}</ol>`}`;
};

const CONTROLS_READING =
  "The columns before the notes are controls, sets of examples whose standing is known, scored as samples are: a figure means what it says only beside them.";

const groupsOf = (figures: Figures, controls: Controls): Group[] => {
  const names = orderedNames([figures]).filter((name) => figures[name] && !classOf(name));
  const ofSamples = new Set(Object.values(controls).flatMap(Object.keys));
  for (const name of names) if (samplerOf(name) !== undefined) ofSamples.add(splitName(name).figure);
  const isOfSamples = (name: string): boolean => ofSamples.has(splitName(name).figure);
  const samplers = [...new Set(names.map(samplerOf))].filter((sampler) => sampler !== undefined);
  const kindOf = (name: string): string =>
    `${figureTitle(splitName(name).figure)}${/(^|\/)means$/.test(splitName(name).set) ? ", decoded means" : ""}`;
  return [
    {
      label: "Figures of this run",
      names: names.filter((name) => !isOfSamples(name)),
      controls: {},
      title: figureTitle,
    },
    {
      label: "Figures of samples of the prior",
      heading: "Samples of the prior",
      reading: `Draws from the likelihood at codes of the prior that was trained, and decoded means at the same codes. ${CONTROLS_READING}`,
      names: names.filter((name) => isOfSamples(name) && samplerOf(name) === undefined),
      controls,
      title: figureTitle,
    },
    ...samplers.map((sampler) => ({
      label: `Figures of ex-post samples, ${setTitle(sampler)}`,
      heading: `Ex-post samples: ${setTitle(sampler)}`,
      reading:
        "Codes come from a density that was fitted to the training set's codes after training, in the place of the prior: these are no samples of the model as it was trained.",
      names: names.filter((name) => samplerOf(name) === sampler),
      controls,
      title: kindOf,
    })),
  ].filter((group) => group.names.length > 0);
};

export const figuresTables = (figures: Figures, controls: Controls = {}): Markup =>
  html`${groupsOf(figures, controls).map(
    (group) =>
      html`${group.heading && html`<h3>${group.heading}</h3>`}${group.reading && html`<p class="reading">${group.reading}</p>`}${tableOf(group, figures)}`,
  )}`;

/** The few that place a model at a glance; those that are null have their reason in the table. */
export const figureTiles = (figures: Figures): Markup =>
  html`<ul class="tiles">${orderedNames([figures])
    .filter(isLeading)
    .map((name) => {
      const figure = figures[name];
      if (!figure) return null;
      const value = figure.value === null ? "null" : formatFigure(figure.value, figure.unit);
      return html`<li><span class="name">${figureTitle(name)}</span><span class="value">${isUpperBound(figure) && "≤\u00a0"}${value} <span class="unit">${figure.unit}</span></span></li>`;
    })}</ul>`;
