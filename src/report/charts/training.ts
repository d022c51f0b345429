/**
 * Training curves of a run: the loss and its terms on both splits; and, in separate charts, gradient norms and schedules, which
 * exist in training alone.
 */

import type { LoggedFigure } from "../../contracts/logged-figure.js";
import { formatNumber, joinWords, plural } from "../figures/numbers.js";
import { html, type Markup } from "../pages/html.js";
import { category } from "../pages/palette.js";
import { type Curve, type Curves, type Split, thin } from "../read/curves.js";
import { type Chart, sentences } from "./chart.js";
import { optimizationFigures, termFigures } from "./curve-figures.js";
import { type Panel, panelsSpec } from "./panels.js";

const MOST_POINTS = 400;
const titleWithUnit = ({ title, unit }: LoggedFigure): string => (unit === "" ? title : `${title}, ${unit}`);

const table = (curves: readonly Curve[], along: string): Markup => html`<table>
<thead><tr><th scope="col">figure</th><th scope="col">split</th><th scope="col">first</th><th scope="col">last</th><th scope="col">minimum</th><th scope="col">at ${along}</th></tr></thead>
<tbody>${curves.map(({ figure, split, points }) => {
  const least = points.reduce(
    (best, point) => (point.value < best.value ? point : best),
    points[0] ?? { at: Number.NaN, value: Number.NaN },
  );
  const [first, last] = [points[0]?.value ?? Number.NaN, points[points.length - 1]?.value ?? Number.NaN];
  return html`<tr><th scope="row">${titleWithUnit(figure)}</th><td>${split}</td>${[first, last, least.value, least.at].map((value) => html`<td class="number">${formatNumber(value)}</td>`)}</tr>`;
})}</tbody></table>`;

const chartOf = (
  curves: Curves,
  figures: readonly LoggedFigure[],
  splits: readonly Split[],
  heading: string,
  reading: string,
): Chart | undefined => {
  const drawn = figures
    .flatMap(({ name }) => splits.map((split) => curves.get(name, split)))
    .filter((curve) => curve !== undefined && curve.points.length > 0) as Curve[];
  if (drawn.length === 0) return undefined;
  const panels = figures.flatMap((figure): Panel[] => {
    const rows = drawn
      .filter((curve) => curve.figure === figure)
      .flatMap(({ split, points }) => thin(points, MOST_POINTS).map(({ at, value }) => ({ at, value, line: split })));
    return rows.length > 0 ? [{ title: titleWithUnit(figure), rows }] : [];
  });
  const thinned = drawn.some(({ points }) => points.length > MOST_POINTS);
  const notFinite = drawn.reduce((sum, curve) => sum + curve.notFinite, 0);
  const used = splits.filter((split) => drawn.some((curve) => curve.split === split));
  return {
    heading,
    alt: sentences(
      heading,
      drawn.map(
        ({ figure, split, points }) =>
          `${figure.title}, ${split}: from ${formatNumber(points[0]?.value ?? Number.NaN)} to ${formatNumber(points[points.length - 1]?.value ?? Number.NaN)}`,
      ),
    ),
    caption: sentences(
      reading,
      thinned && `Curves with more than ${MOST_POINTS} values show means of neighboring values`,
      notFinite > 0 && `${plural(notFinite, "non-finite value")} ${notFinite === 1 ? "is" : "are"} not drawn`,
    ),
    spec: panelsSpec(
      panels,
      curves.along,
      { names: used, colors: used.map((_, i) => category(i)) },
      panels.length === 4 ? 4 : 3,
    ),
    numbers: table(drawn, curves.along),
  };
};

export const LOSS_HEADING = "Loss and its terms";
export const lossCurves = (curves: Curves): Chart | undefined =>
  chartOf(
    curves,
    termFigures(curves),
    ["train", "validation"],
    LOSS_HEADING,
    `One panel per term, each with its own scale. ${curves.along === "epoch" ? "Training values are means over the steps of an epoch, while the model changes, so they lag slightly behind the validation values. " : ""}If the validation curve rises while the training curve falls, the model overfits`,
  );

export const OPTIMIZATION_HEADING = "Gradient norm and schedules";
export const optimizationCurves = (curves: Curves): Chart | undefined => {
  const figures = optimizationFigures(curves);
  return chartOf(
    curves,
    figures,
    ["train"],
    OPTIMIZATION_HEADING,
    `One panel per value, each with its own scale: ${joinWords(figures.map(({ title }) => title))}`,
  );
};
