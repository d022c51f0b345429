/** KL of each latent dimension during training and at its end: which dimensions carry information. */
import { formatFigure, formatNumber, plural } from "../figures/numbers.js";
import { html, type Markup } from "../pages/html.js";
import { heat } from "../pages/palette.js";
import { type Curves, klDimensions, type Point, thin } from "../read/curves.js";
import { type Chart, sentences } from "./chart.js";
import { type Encoding, SAID } from "./marks.js";
import type { Spec } from "./render.js";

const MOST_COLUMNS = 60;
/** A row of the chart is then two pixels high. */
const MOST_ROWS = 210;
const MOST_LABELS = 48;
/** Below this, in nats, a dimension carries no information. */
const SILENT = 0.01;

interface Dimension {
  name: string;
  points: readonly Point[];
  /** KL at the end of training, in nats. */
  last: number;
}

const dimensionsOf = (curves: Curves, split: "validation" | "train"): Dimension[] =>
  klDimensions(curves).flatMap((j) => {
    const points = curves.get(`kl/${j}`, split)?.points ?? [];
    const last = points[points.length - 1];
    return last ? [{ name: `z${j}`, points: thin(points, MOST_COLUMNS), last: last.value }] : [];
  });

const largestOf = (dimensions: readonly Dimension[]): number =>
  dimensions.reduce(
    (largest, { points }) => points.reduce((own, { value }) => Math.max(own, value), largest),
    Number.MIN_VALUE,
  );

const nats = (value: number): string => `${formatFigure(value, "nats")} nats`;

/** One row per dimension, one column per epoch; the color is the KL as a fraction of `most`. */
const heatPanel = (
  shown: readonly Dimension[],
  most: number,
  along: string,
  y: NonNullable<Encoding["y"]>,
  height: number,
) => {
  const cells = shown.flatMap(({ name, points }) =>
    points.map(({ at, value }) => ({
      name,
      at: Math.round(at),
      value,
      color: heat(value / most),
      said: `${name}, ${along} ${formatNumber(at)}: ${nats(value)}`,
    })),
  );
  const columns = new Set(cells.map(({ at }) => at)).size;
  return {
    name: "heat",
    width: 700,
    height,
    title: "over training",
    data: { values: cells },
    mark: { type: "rect" },
    encoding: {
      x: {
        field: "at",
        type: "ordinal",
        title: along,
        axis: { labelAngle: 0, labelOverlap: "greedy", ticks: false, domain: false },
        scale: { paddingInner: columns > 30 ? 0 : 0.06 },
      },
      y,
      color: { field: "color", type: "nominal", scale: null },
      description: SAID,
    },
  } as const;
};

const endPanel = (shown: readonly Dimension[], y: NonNullable<Encoding["y"]>, height: number) =>
  ({
    name: "end",
    width: 300,
    height,
    title: "at the end",
    data: { values: shown.map(({ name, last }) => ({ name, last, said: `${name}: ${nats(last)}` })) },
    mark: { type: "bar", color: "var(--category-0)", height: { band: 0.72 } },
    encoding: {
      x: { field: "last", type: "quantitative", title: "KL, nats", scale: { domainMin: 0 }, axis: { tickCount: 5 } },
      y,
      description: SAID,
    },
  }) as const;

const specOf = (shown: readonly Dimension[], most: number, along: string): Spec => {
  const height = Math.max(80, Math.min(420, shown.length * 18));
  const y = {
    field: "name",
    type: "nominal",
    sort: shown.map(({ name }) => name),
    title: null,
    axis: { grid: false, ticks: false, domain: false, labels: shown.length <= MOST_LABELS },
  } as const;
  return { spacing: 28, hconcat: [heatPanel(shown, most, along, y, height), endPanel(shown, y, height)] };
};

const captionOf = (order: readonly Dimension[], shown: number, most: number, split: string): string => {
  const silent = order.filter(({ last }) => last < SILENT).length;
  const total = order.reduce((sum, { last }) => sum + last, 0);
  return sentences(
    `KL of each dimension from the prior, in nats, on the ${split} split; the dimension that carries most is on top${shown < order.length ? `, and the ${shown} that carry most of ${order.length} are drawn` : ""}. The deepest color is ${nats(most)}`,
    `Together ${nats(total)}; ${silent === 0 ? "no dimension is" : `${plural(silent, "dimension")} ${silent === 1 ? "is" : "are"}`} below ${SILENT}`,
  );
};

const tableOf = (order: readonly Dimension[]): Markup =>
  html`<table><thead><tr><th scope="col">dimension</th><th scope="col">KL, nats</th></tr></thead><tbody>${order.map(
    ({ name, last }) => html`<tr><th scope="row">${name}</th><td class="number">${formatNumber(last)}</td></tr>`,
  )}</tbody></table>`;

export const klByDimension = (curves: Curves): Chart | undefined => {
  const split = curves.get(`kl/${klDimensions(curves)[0]}`, "validation") ? "validation" : "train";
  const dimensions = dimensionsOf(curves, split);
  if (dimensions.length === 0) return undefined;
  const order = [...dimensions].sort((a, b) => b.last - a.last);
  const shown = order.slice(0, MOST_ROWS);
  const most = largestOf(dimensions);
  return {
    heading: "How much each latent dimension carries",
    alt: sentences(
      "KL by latent dimension at the end of training, in nats",
      shown.map(({ name, last }) => `${name} ${formatFigure(last, "nats")}`).join(", "),
    ),
    caption: captionOf(order, shown.length, most, split),
    spec: specOf(shown, most, curves.along),
    numbers: tableOf(order),
  };
};
