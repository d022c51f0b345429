/**
 * The measurements of one run, each with its n, k, standard error, and its note or the reason why it is null: first those of the
 * model by section, then those of samples from its prior, then those of each ex-post sampler. Classes have tables of their own.
 */
import type { Measurement, Measurements } from "../../contracts/measurement.js";
import type { RunMetrics } from "../../storage/layout.js";
import { bySection, type Column, columnsOf, isLeading, isOfClass, setTitle } from "../figures/columns.js";
import { formatError, formatFigure } from "../figures/numbers.js";
import { controlOf, controlTitle } from "../figures/sample-sets.js";
import { boundMeanings, drawable, noteOf, valueText } from "../figures/values.js";
import { html, type Markup } from "../pages/html.js";
import { type Footnotes, footnotesOf } from "./footnotes.js";
import { readings } from "./readings.js";

type Controls = Readonly<Record<string, Measurements>>;
type Scored = Pick<RunMetrics, "measurements" | "figures" | "controls">;

interface Group {
  /** What the table shows, for its region's label. */
  label: string;
  heading?: string;
  reading?: string;
  columns: readonly Column[];
  controls: Controls;
  title(column: Column): string;
}

const noteCell = (found: Measurement, footnotes: Footnotes): Markup => {
  const { own, mark } = footnotes.of(noteOf(found));
  return html`<td${own !== "" && html` class="note"`}>${own}${mark !== undefined && html`<sup>${mark}</sup>`}</td>`;
};

const controlCell = (control: Measurements | undefined, { key }: Column): Markup => {
  const found = controlOf(control, key);
  return html`<td class="number">${drawable(found) && formatFigure(found.value, found.unit)}</td>`;
};

const tableOf = ({ label, columns, controls, title }: Group, measurements: Measurements): Markup => {
  const sets = Object.keys(controls);
  const footnotes = footnotesOf(columns.map(({ name }) => noteOf(measurements[name]!)));
  const row = (column: Column): Markup => {
    const found = measurements[column.name]!;
    return html`<tr><th scope="row">${title(column)}</th>
<td class="number">${valueText(found)}</td>
<td class="number">${formatError(found.standardError)}</td>
<td>${column.unit}</td><td class="number">${found.n}</td><td class="number">${found.k}</td>
${sets.map((set) => controlCell(controls[set], column))}${noteCell(found, footnotes)}</tr>`;
  };
  const sections = bySection(columns);
  const bounds = boundMeanings(columns, ({ name }) => measurements[name]!.bound);
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${label}"><table>
<thead><tr><th scope="col">figure</th><th scope="col" class="number">value</th><th scope="col" class="number">standard error</th><th scope="col">unit</th><th scope="col" class="number">n</th><th scope="col" class="number">k</th>${sets.map((set) => html`<th scope="col" class="number">${controlTitle(set)}</th>`)}<th scope="col">note</th></tr></thead>
${sections.map(
  ({ title: section, columns: own }) =>
    html`<tbody>${sections.length > 1 && html`<tr class="section"><th scope="rowgroup" colspan="${7 + sets.length}">${section}</th></tr>`}${own.map(row)}</tbody>`,
)}</table></div>${footnotes.shared.length > 0 && html`<ol class="notes">${footnotes.shared.map((note) => html`<li>${note}</li>`)}</ol>`}${bounds.length > 0 && html`<p class="reading">${bounds.join("; ")}.</p>`}${readings(columns)}`;
};

const CONTROLS_READING =
  "The columns before the notes are controls: sets of known quality, scored the same way, to compare the figures with.";

const groupsOf = ({ measurements, figures, controls = {} }: Scored): Group[] => {
  const columns = columnsOf([measurements], figures).filter((column) => !isOfClass(column));
  const samplers = [...new Set(columns.map(({ key }) => key.set?.sampler))].filter((sampler) => sampler !== undefined);
  return [
    {
      label: "Figures of this run",
      columns: columns.filter(({ key }) => key.set === undefined),
      controls: {},
      title: ({ title }: Column) => title,
    },
    {
      label: "Figures of samples from the prior",
      heading: "Samples from the prior",
      reading: `Draws from the likelihood at codes from the trained prior, and decoded means of the same codes. ${CONTROLS_READING}`,
      columns: columns.filter(({ key }) => key.set !== undefined && key.set.sampler === undefined),
      controls,
      title: ({ title }: Column) => title,
    },
    ...samplers.map((sampler) => {
      const set = setTitle({ sampler, output: "draws" });
      return {
        label: `Figures of ex-post samples, ${set}`,
        heading: `Ex-post samples: ${set}`,
        reading:
          "After training, a density was fitted to the codes of the training set, and codes are drawn from it instead of the prior. These are not samples of the model as it was trained.",
        columns: columns.filter(({ key }) => key.set?.sampler === sampler),
        controls,
        title: ({ figure, key }: Column) => `${figure.title}${key.set?.output === "means" ? ", decoded means" : ""}`,
      };
    }),
  ].filter((group) => group.columns.length > 0);
};

export const figuresTables = (scored: Scored): Markup =>
  html`${groupsOf(scored).map(
    (group) =>
      html`${group.heading && html`<h3>${group.heading}</h3>`}${group.reading && html`<p class="reading">${group.reading}</p>`}${tableOf(group, scored.measurements)}`,
  )}`;

/** Headline figures; the table gives the reason for null ones. */
export const figureTiles = ({ measurements, figures }: Scored): Markup =>
  html`<ul class="tiles">${columnsOf([measurements], figures)
    .filter(isLeading)
    .map(({ name, title, unit }) => {
      const value = valueText(measurements[name]!, "\u00a0");
      return html`<li><span class="name">${title}</span><span class="value">${value} <span class="unit">${unit}</span></span></li>`;
    })}</ul>`;
