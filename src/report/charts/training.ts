/**
 * Training curves of a run: terms that are also measured in validation, next to their training values; and, in separate
 * charts, values of the training split only (gradient norm, beta, learning rate, ...).
 */

import { formatNumber, joinWords, plural } from "../figures/numbers.js";
import { html, type Markup } from "../pages/html.js";
import { category } from "../pages/palette.js";
import { type Curve, type Curves, type Split, thin } from "../read/curves.js";
import { type Chart, sentences } from "./chart.js";
import { curveTitle, otherNames, termNames } from "./curve-names.js";
import { type Panel, panelsSpec } from "./panels.js";

const MOST_POINTS = 400;
const table = (curves: readonly Curve[], names: readonly string[], along: string): Markup => html`<table>
<thead><tr><th scope="col">value</th><th scope="col">split</th><th scope="col">first</th><th scope="col">last</th><th scope="col">least</th><th scope="col">at ${along}</th></tr></thead>
<tbody>${curves.map(({ name, split, points }) => {
  const least = points.reduce(
    (best, point) => (point.value < best.value ? point : best),
    points[0] ?? { at: Number.NaN, value: Number.NaN },
  );
  const [first, last] = [points[0]?.value ?? Number.NaN, points[points.length - 1]?.value ?? Number.NaN];
  return html`<tr><th scope="row">${curveTitle(name, names)}</th><td>${split}</td>${[first, last, least.value, least.at].map((value) => html`<td class="number">${formatNumber(value)}</td>`)}</tr>`;
})}</tbody></table>`;

const chartOf = (
  curves: Curves,
  names: readonly string[],
  splits: readonly Split[],
  heading: string,
  reading: string,
): Chart | undefined => {
  const drawn = names
    .flatMap((name) => splits.map((split) => curves.get(name, split)))
    .filter((curve) => curve !== undefined && curve.points.length > 0) as Curve[];
  if (drawn.length === 0) return undefined;
  const panels = names.flatMap((name): Panel[] => {
    const rows = drawn
      .filter((curve) => curve.name === name)
      .flatMap(({ split, points }) => thin(points, MOST_POINTS).map(({ at, value }) => ({ at, value, line: split })));
    return rows.length > 0 ? [{ title: curveTitle(name, names), rows }] : [];
  });
  const thinned = drawn.some(({ points }) => points.length > MOST_POINTS);
  const notFinite = drawn.reduce((sum, curve) => sum + curve.notFinite, 0);
  const used = splits.filter((split) => drawn.some((curve) => curve.split === split));
  return {
    heading,
    alt: sentences(
      heading,
      drawn.map(
        ({ name, split, points }) =>
          `${curveTitle(name, names)}, ${split}: from ${formatNumber(points[0]?.value ?? Number.NaN)} to ${formatNumber(points[points.length - 1]?.value ?? Number.NaN)}`,
      ),
    ),
    caption: sentences(
      reading,
      thinned && `Curves of more than ${MOST_POINTS} values are drawn through the means of neighbors`,
      notFinite > 0 &&
        `${plural(notFinite, "value")} that ${notFinite === 1 ? "was" : "were"} not finite ${notFinite === 1 ? "is" : "are"} left out`,
    ),
    spec: panelsSpec(
      panels,
      curves.along,
      { names: used, colors: used.map((_, i) => category(i)) },
      panels.length === 4 ? 4 : 3,
    ),
    numbers: table(drawn, names, curves.along),
  };
};

export const lossCurves = (curves: Curves): Chart | undefined =>
  chartOf(
    curves,
    termNames(curves),
    ["train", "validation"],
    "The loss and its terms over training",
    "A panel a term, each on its own scale, in nats an example; the training values are means over the steps of an epoch where an epoch has one value, so they lag the validation values a little. A validation curve that turns up while the training curve falls is overfitting",
  );

export const trainingCurves = (curves: Curves): Chart | undefined => {
  const names = otherNames(curves);
  return chartOf(
    curves,
    names,
    ["train"],
    "Gradient norm and what the schedules fed",
    `A panel a value, each on its own scale: ${joinWords(names.map((name) => curveTitle(name, names)))}`,
  );
};
