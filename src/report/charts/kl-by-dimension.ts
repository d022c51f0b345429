/** The rate of each latent dimension over training, and at its end: which dimensions carry anything. */

import { formatFigure, formatNumber, plural } from "../figures/numbers.js";
import { html } from "../pages/html.js";
import { heat } from "../pages/palette.js";
import { type Curves, klDimensions, thin } from "../read/curves.js";
import { type Chart, sentences } from "./chart.js";
import { SAID } from "./marks.js";
import type { Spec } from "./render.js";

const MOST_COLUMNS = 60;
/** A row of the chart is then two pixels high. */
const MOST_ROWS = 210;
/** Below this, in nats, a dimension says nothing of what it encodes. */
const SILENT = 0.01;

export const klByDimension = (curves: Curves): Chart | undefined => {
  const split = curves.get(`kl/${klDimensions(curves)[0]}`, "validation") ? "validation" : "train";
  const dimensions = klDimensions(curves).flatMap((j) => {
    const points = curves.get(`kl/${j}`, split)?.points ?? [];
    const last = points[points.length - 1];
    return last ? [{ name: `z${j}`, points: thin(points, MOST_COLUMNS), last: last.value }] : [];
  });
  if (dimensions.length === 0) return undefined;
  const order = [...dimensions].sort((a, b) => b.last - a.last);
  const shown = order.slice(0, MOST_ROWS);
  const most = dimensions.reduce(
    (largest, { points }) => points.reduce((own, { value }) => Math.max(own, value), largest),
    Number.MIN_VALUE,
  );
  const cells = shown.flatMap(({ name, points }) =>
    points.map(({ at, value }) => ({
      name,
      at: Math.round(at),
      value,
      color: heat(value / most),
      said: `${name}, ${curves.along} ${formatNumber(at)}: ${formatFigure(value, "nats")} nats`,
    })),
  );
  const bars = shown.map(({ name, last }) => ({ name, last, said: `${name}: ${formatFigure(last, "nats")} nats` }));
  const sort = shown.map(({ name }) => name);
  const height = Math.max(80, Math.min(420, shown.length * 18));
  const labeled = shown.length <= 48;
  const y = {
    field: "name",
    type: "nominal",
    sort,
    title: null,
    axis: { grid: false, ticks: false, domain: false, labels: labeled },
  } as const;
  const columns = new Set(cells.map(({ at }) => at)).size;
  const spec: Spec = {
    spacing: 28,
    hconcat: [
      {
        name: "heat",
        width: 700,
        height,
        title: `over training`,
        data: { values: cells },
        mark: { type: "rect" },
        encoding: {
          x: {
            field: "at",
            type: "ordinal",
            title: curves.along,
            axis: { labelAngle: 0, labelOverlap: "greedy", ticks: false, domain: false },
            scale: { paddingInner: columns > 30 ? 0 : 0.06 },
          },
          y,
          color: { field: "color", type: "nominal", scale: null },
          description: SAID,
        },
      },
      {
        name: "end",
        width: 300,
        height,
        title: "at the end",
        data: { values: bars },
        mark: { type: "bar", color: "var(--category-0)", height: { band: 0.72 } },
        encoding: {
          x: {
            field: "last",
            type: "quantitative",
            title: "KL, nats",
            scale: { domainMin: 0 },
            axis: { tickCount: 5 },
          },
          y,
          description: SAID,
        },
      },
    ],
  };
  const silent = order.filter(({ last }) => last < SILENT).length;
  const total = order.reduce((sum, { last }) => sum + last, 0);
  return {
    heading: "How much each latent dimension carries",
    alt: sentences(
      "KL by latent dimension at the end of training, in nats",
      shown.map(({ name, last }) => `${name} ${formatFigure(last, "nats")}`).join(", "),
    ),
    caption: sentences(
      `KL of each dimension from the prior, in nats, on the ${split} split; the dimension that carries most is on top${shown.length < order.length ? `, and the ${shown.length} that carry most of ${order.length} are drawn` : ""}. The deepest color is ${formatFigure(most, "nats")} nats`,
      `Together ${formatFigure(total, "nats")} nats; ${silent === 0 ? "no dimension is" : `${plural(silent, "dimension")} ${silent === 1 ? "is" : "are"}`} below ${SILENT}`,
    ),
    spec,
    numbers: html`<table><thead><tr><th scope="col">dimension</th><th scope="col">KL, nats</th></tr></thead><tbody>${order.map(
      ({ name, last }) => html`<tr><th scope="row">${name}</th><td class="number">${formatNumber(last)}</td></tr>`,
    )}</tbody></table>`,
  };
};
