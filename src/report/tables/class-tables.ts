/** Tables of a run by class: n, mean and standard error of every figure by class. */
import type { RunMetrics } from "../../storage/layout.js";
import { setTitle } from "../figures/columns.js";
import { formatError, formatFigure } from "../figures/numbers.js";
import { html, type Markup } from "../pages/html.js";
import type { ByClass, Family } from "../read/by-class.js";

interface Column {
  title: string;
  unit: string;
  classes: ByClass;
}

const cells = (column: Column, label: number, withN: boolean): Markup => {
  const { n, mean, standardError } = column.classes.get(label) ?? { n: 0, mean: null, standardError: undefined };
  return html`${withN && html`<td class="number">${n}</td>`}<td class="number">${mean === null ? "null" : formatFigure(mean, column.unit)}</td><td class="number spread">${formatError(standardError)}</td>`;
};

/** Names of the classes; a class without a name is shown by its number. */
type Names = readonly string[] | undefined;
const namesOf = (classNames: RunMetrics["classNames"], field: string): Names => {
  const names = classNames && Object.hasOwn(classNames, field) ? classNames[field] : undefined;
  return Array.isArray(names) ? names : undefined;
};

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

const columnOf = (title: string, { figure, classes }: Family): Column => ({ title, unit: figure.unit, classes });

/** Figures of the samples of each requested class; `ceiling` holds the same figures of training examples. */
export const samplesByClass = (
  found: readonly Family[],
  ceiling: readonly Family[],
  classNames: RunMetrics["classNames"],
): Markup[] => {
  const figures = [...new Set(found.map(({ figure }) => figure))];
  return figures.map((figure) => {
    const sets = found.filter((family) => family.figure === figure);
    const { key, field } = sets[0]!;
    const real = ceiling.find((family) => family.key.figure === key.figure && family.field === field);
    const columns = [
      ...sets.map((family) => columnOf(family.key.set ? setTitle(family.key.set) : family.title, family)),
      ...(real ? [columnOf("control: training examples", real)] : []),
    ];
    const title = `${figure.title} by requested class`;
    return html`<h3>${title.charAt(0).toUpperCase()}${title.slice(1)}</h3>${classTable(field, title, columns, false, namesOf(classNames, field))}`;
  });
};

/** Measurements per example, as means over the examples of each label. */
export const examplesByClass = (
  field: string,
  found: readonly Family[],
  split: string,
  classNames: RunMetrics["classNames"],
): Markup => {
  const title = `Examples of the ${split} split by ${field}`;
  const columns = found.map((family) => columnOf(family.title, family));
  return html`<h3>${title}</h3>${classTable(field, title, columns, true, namesOf(classNames, field))}`;
};
