/** What is logged by dimension of a latent, such as its KL, during training and at its end: which dimensions carry information. */
import type { LoggedFigure } from "../../contracts/logged-figure.js";
import { formatFigure, formatNumber, plural } from "../figures/numbers.js";
import { html, type Markup } from "../pages/html.js";
import { heat } from "../pages/palette.js";
import { type Curves, type Point, type Split, thin } from "../read/curves.js";
import { type Chart, sentences } from "./chart.js";
import { vectorFigures } from "./curve-figures.js";
import { type Encoding, SAID } from "./marks.js";
import type { Spec } from "./render.js";

const MOST_COLUMNS = 60;
/** A row of the chart is then two pixels high. */
const MOST_ROWS = 210;
const MOST_LABELS = 48;
/** Below this KL, in nats, a dimension carries no information. */
const SILENT = 0.01;

interface Dimension {
  name: string;
  points: readonly Point[];
  /** Value at the end of training. */
  last: number;
}

const dimensionsOf = (curves: Curves, { name, latent }: LoggedFigure, split: Split): Dimension[] =>
  curves.byDimension(name, split).flatMap(({ dimension, points }) => {
    const last = points[points.length - 1];
    const called = `${latent}[${dimension}]`;
    return last ? [{ name: called, points: thin(points, MOST_COLUMNS), last: last.value }] : [];
  });

const largestOf = (dimensions: readonly Dimension[]): number =>
  dimensions.reduce(
    (largest, { points }) => points.reduce((own, { value }) => Math.max(own, value), largest),
    Number.MIN_VALUE,
  );

const withUnit = (value: number, { unit }: LoggedFigure): string =>
  unit === "" ? formatNumber(value) : `${formatFigure(value, unit)} ${unit}`;
const axisTitle = ({ title, unit }: LoggedFigure): string => (unit === "" ? title : `${title}, ${unit}`);

interface Drawn {
  figure: LoggedFigure;
  along: Curves["along"];
  split: Split;
  /** The largest value at the end first. */
  order: readonly Dimension[];
  shown: readonly Dimension[];
  /** The largest value of all, which has the strongest color. */
  most: number;
}

/** One row per dimension, one column per epoch; the color is the value as a fraction of the largest. */
const heatPanel = ({ figure, along, shown, most }: Drawn, y: NonNullable<Encoding["y"]>, height: number) => {
  const cells = shown.flatMap(({ name, points }) =>
    points.map(({ at, value }) => ({
      name,
      at: Math.round(at),
      value,
      color: heat(value / most),
      said: `${name}, ${along} ${formatNumber(at)}: ${withUnit(value, figure)}`,
    })),
  );
  const columns = new Set(cells.map(({ at }) => at)).size;
  return {
    name: "heat",
    width: 700,
    height,
    title: "during training",
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

const endPanel = ({ figure, shown }: Drawn, y: NonNullable<Encoding["y"]>, height: number) =>
  ({
    name: "end",
    width: 300,
    height,
    title: "at the end",
    data: { values: shown.map(({ name, last }) => ({ name, last, said: `${name}: ${withUnit(last, figure)}` })) },
    mark: { type: "bar", color: "var(--category-0)", height: { band: 0.72 } },
    encoding: {
      x: {
        field: "last",
        type: "quantitative",
        title: axisTitle(figure),
        scale: { domainMin: 0 },
        axis: { tickCount: 5 },
      },
      y,
      description: SAID,
    },
  }) as const;

const specOf = (drawn: Drawn): Spec => {
  const { shown } = drawn;
  const height = Math.max(80, Math.min(420, shown.length * 18));
  const y = {
    field: "name",
    type: "nominal",
    sort: shown.map(({ name }) => name),
    title: null,
    axis: { grid: false, ticks: false, domain: false, labels: shown.length <= MOST_LABELS },
  } as const;
  return { spacing: 28, hconcat: [heatPanel(drawn, y, height), endPanel(drawn, y, height)] };
};

/** The sum over the dimensions, and how many carry nothing: both mean something for a KL only. */
const klSummary = ({ figure, order }: Drawn): string => {
  const silent = order.filter(({ last }) => last < SILENT).length;
  const total = order.reduce((sum, { last }) => sum + last, 0);
  const few = silent === 0 ? "no dimension has" : `${plural(silent, "dimension")} ${silent === 1 ? "has" : "have"}`;
  return `The dimensions add up to ${withUnit(total, figure)}; ${few} less than ${SILENT} nats`;
};

const captionOf = (drawn: Drawn): string => {
  const { figure, split, order, shown, most } = drawn;
  return sentences(
    `${figure.title} by dimension${figure.unit === "" ? "" : `, in ${figure.unit}`}, on the ${split} split, sorted by final value`,
    shown.length < order.length && `Only the ${shown.length} largest of ${order.length} dimensions are drawn`,
    `The strongest color stands for ${withUnit(most, figure)}`,
    figure.term === "kl" && klSummary(drawn),
  );
};

const tableOf = ({ figure, order }: Drawn): Markup =>
  html`<table><thead><tr><th scope="col">dimension</th><th scope="col">${axisTitle(figure)}</th></tr></thead><tbody>${order.map(
    ({ name, last }) => html`<tr><th scope="row">${name}</th><td class="number">${formatNumber(last)}</td></tr>`,
  )}</tbody></table>`;

const chartOf = (curves: Curves, figure: LoggedFigure): Chart | undefined => {
  const split = curves.byDimension(figure.name, "validation").length > 0 ? "validation" : "train";
  const dimensions = dimensionsOf(curves, figure, split);
  if (dimensions.length === 0) return undefined;
  const order = [...dimensions].sort((a, b) => b.last - a.last);
  const shown = order.slice(0, MOST_ROWS);
  const drawn: Drawn = { figure, along: curves.along, split, order, shown, most: largestOf(dimensions) };
  return {
    heading: `${figure.title} by dimension`,
    alt: sentences(
      `${axisTitle(figure)}, by dimension at the end of training`,
      shown.map(({ name, last }) => `${name} ${formatFigure(last, figure.unit)}`).join(", "),
    ),
    caption: captionOf(drawn),
    spec: specOf(drawn),
    numbers: tableOf(drawn),
  };
};

/** A chart for each vector that the history holds: the KL of each latent, by dimension. */
export const byDimension = (curves: Curves): Chart[] =>
  vectorFigures(curves).flatMap((figure) => chartOf(curves, figure) ?? []);
