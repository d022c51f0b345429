/** The tables of a run by class: n, mean and standard error of every figure that comes class by class. */
import type { Figure } from "../../contracts/metric.js";
import { figureTitle, setTitle, splitName } from "../figures/names.js";
import { formatError, formatFigure } from "../figures/numbers.js";
import { html, type Markup } from "../pages/html.js";
import type { ByClass, FiguresByClass } from "../read/by-class.js";

interface Column {
  title: string;
  unit: string;
  classes: ByClass;
}

const cells = (column: Column, label: number, withN: boolean): Markup => {
  const { n, mean, standardError } = column.classes.get(label) ?? { n: 0, mean: null, standardError: undefined };
  return html`${withN && html`<td class="number">${n}</td>`}<td class="number">${mean === null ? "null" : formatFigure(mean, column.unit)}</td><td class="number spread">${standardError !== undefined && formatError(standardError)}</td>`;
};

/** Of each class; of one without a name, its number. */
type Names = readonly string[] | undefined;

const classTable = (
  label: string,
  caption: string,
  columns: readonly Column[],
  sameN: boolean,
  names: Names,
): Markup => {
  const classes = [...new Set(columns.flatMap((column) => [...column.classes.keys()]))].sort((a, b) => a - b);
  const first = columns[0]!;
  const heads = html`${!sameN && html`<th scope="col" class="number">n</th>`}<th scope="col" class="number">mean</th><th scope="col" class="number">standard error</th>`;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table class="classes">
<thead><tr><th scope="col" rowspan="2">${label}</th>${sameN && html`<th scope="col" rowspan="2" class="number">n</th>`}${columns.map(({ title, unit }) => html`<th scope="colgroup" colspan="${sameN ? 2 : 3}" class="group">${title}<span class="unit-line">${unit}</span></th>`)}</tr>
<tr>${columns.map(() => heads)}</tr></thead>
<tbody>${classes.map(
    (each) =>
      html`<tr><th scope="row">${names?.[each] ?? each}</th>${sameN && html`<td class="number">${first.classes.get(each)?.n}</td>`}${columns.map((column) => cells(column, each, !sameN))}</tr>`,
  )}</tbody></table></div>`;
};

/** Figures of samples, by the class that was asked for; `ceiling`: the same of training examples. */
export const samplesByClass = (
  found: FiguresByClass,
  ceiling: FiguresByClass,
  unitOf: (figure: string) => string,
  names: Names,
): Markup[] => {
  const figures = [...new Set([...found.keys()].map((name) => splitName(name).figure))];
  return figures.map((figure) => {
    const sets = [...found].filter(([name]) => splitName(name).figure === figure);
    const real = ceiling.get(figure);
    const columns = [
      ...sets.map(([name, classes]) => ({ title: setTitle(splitName(name).set), unit: unitOf(name), classes })),
      ...(real ? [{ title: "control: training examples", unit: unitOf(figure), classes: real }] : []),
    ];
    const title = `${figureTitle(figure)} by the class asked for`;
    return html`<h3>${title.charAt(0).toUpperCase()}${title.slice(1)}</h3>${classTable("class", title, columns, false, names)}`;
  });
};

/** Figures by example, as means over the examples of each label. */
export const examplesByClass = (
  field: string,
  found: FiguresByClass,
  figures: Readonly<Record<string, Figure>>,
  split: string,
  names: Names,
): Markup => {
  const columns = [...found].map(([name, classes]) => ({
    title: figureTitle(name),
    unit: figures[name]?.unit ?? "",
    classes,
  }));
  const title = `Examples of the ${split} split by ${field}`;
  return html`<h3>${title}</h3>${classTable(field, title, columns, true, names)}`;
};
