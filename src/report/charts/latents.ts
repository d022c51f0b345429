/** The codes of the test split in two dimensions, colored by label, with each label written where its points are. */
import { formatRange, plural } from "../figures/numbers.js";
import { category } from "../pages/palette.js";
import type { Latents } from "../read/latents.js";
import { type Chart, sentences } from "./chart.js";
import { extentOf } from "./layout.js";
import type { Encoding, Layer, Row } from "./marks.js";
import { standApart } from "./place-labels.js";
import type { Spec } from "./render.js";

export interface LatentPanel {
  title: string;
  latents: Latents;
}

/** Labels in the order of numbers where they are numbers. */
const labelsOf = (panels: readonly LatentPanel[]): string[] =>
  [...new Set(panels.flatMap(({ latents }) => latents.points.map(({ label }) => label)))]
    .filter((label) => label !== undefined)
    .sort((a, b) => Number(a) - Number(b) || (a < b ? -1 : 1));

/** A square that holds all points: the two axes have one scale, or distances would lie. A single component needs none. */
const domainsOf = ({ points, components }: Latents): { x: [number, number]; y: [number, number] } => {
  const [x, y] = [extentOf(points.map((point) => point.x)), extentOf(points.map((point) => point.y))];
  if (components === 1) return { x: [x[0] - 0.1, x[1] + 0.1], y: [y[0] - 0.5, y[1] + 0.5] };
  const half = Math.max(x[1] - x[0], y[1] - y[0], 1e-9) * 0.52;
  const around = ([a, b]: [number, number]): [number, number] => [(a + b) / 2 - half, (a + b) / 2 + half];
  return { x: around(x), y: around(y) };
};

const centers = ({ points }: Latents, labels: readonly string[]): Row[] =>
  labels.flatMap((label) => {
    const own = points.filter((point) => point.label === label);
    const middle = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1] ?? 0;
    return own.length > 0 ? [{ x: middle(own.map(({ x }) => x)), y: middle(own.map(({ y }) => y)), label }] : [];
  });

export const latentScatter = (panels: readonly LatentPanel[], heading: string, columns: number): Chart | undefined => {
  const shown = panels.filter(({ latents }) => latents.points.length > 0);
  if (shown.length === 0) return undefined;
  const labels = labelsOf(shown);
  const single = shown.length === 1;
  const size = single ? 460 : Math.round(1080 / columns) - 24;
  const color: NonNullable<Encoding["color"]> =
    labels.length > 0
      ? {
          field: "label",
          type: "nominal",
          scale: { domain: labels, range: labels.map((_, i) => category(i)) },
          legend: { title: "label", symbolLimit: 30, ...(!single && { orient: "top", columns: 10 }) },
        }
      : { value: category(0) };
  const panelOf = (
    { title, latents }: LatentPanel,
    i: number,
  ): { width: number; height: number; title?: { text: string; limit: number }; layer: Layer[] } => {
    const domain = domainsOf(latents);
    const axis = single ? { grid: true, tickCount: 5 } : { labels: false, ticks: false, grid: false, title: null };
    const encoding: Encoding = {
      x: {
        field: "x",
        type: "quantitative",
        scale: { domain: domain.x, nice: false },
        title: latents.components === 2 ? "first principal component" : "the latent dimension",
        axis,
      },
      y: {
        field: "y",
        type: "quantitative",
        scale: { domain: domain.y, nice: false },
        title: latents.components === 2 ? "second principal component" : "label",
        axis,
      },
    };
    const rows = latents.points.map(({ x, y, label }) => ({ x, y, ...(label !== undefined && { label }) }));
    const named = centers(latents, labels);
    const [width, height] = [domain.x[1] - domain.x[0], domain.y[1] - domain.y[0]];
    const pixels = named.map(({ x, y, label }) => ({
      x: ((Number(x) - domain.x[0]) / width) * size,
      y: ((domain.y[1] - Number(y)) / height) * size,
      label: String(label),
    }));
    const fontSize = single ? 15 : 11;
    const apart = standApart(pixels, fontSize);
    // The legend has those that are left out.
    const names = named.filter((_, label) => apart[label]);
    const text = { field: "label", type: "nominal" } as const;
    return {
      width: size,
      height: size,
      ...(title && { title: { text: title, limit: size * 1.35 } }),
      layer: [
        {
          name: `codes_${i}`,
          data: { values: rows },
          mark: { type: "point", filled: true, size: single ? 18 : 8, opacity: 0.65, aria: false },
          encoding: { ...encoding, color },
        },
        {
          data: { values: names },
          mark: {
            type: "text",
            fontSize,
            fontWeight: 700,
            stroke: "var(--page)",
            strokeWidth: 4,
            aria: false,
          },
          encoding: { ...encoding, text },
        },
        {
          data: { values: names },
          mark: { type: "text", fontSize, fontWeight: 700, aria: false },
          encoding: { ...encoding, text },
        },
      ],
    };
  };
  const spec: Spec =
    shown.length === 1 && shown[0]
      ? panelOf(shown[0], 0)
      : { columns, spacing: 32, bounds: "flush", concat: shown.map(panelOf) };
  const drawn = shown.reduce((sum, { latents }) => sum + latents.points.length, 0);
  const total = shown.reduce((sum, { latents }) => sum + latents.total, 0);
  const dimensions = shown[0]?.latents.dimensions;
  return {
    heading,
    alt: sentences(
      `Scatter plot of ${plural(drawn, "code")} on two principal components`,
      ...shown.flatMap(({ title, latents }) =>
        centers(latents, labels).map(
          ({ label, x, y }) =>
            `${title && `${title}, `}label ${label} around ${Number(x).toFixed(2)}, ${Number(y).toFixed(2)}`,
        ),
      ),
    ),
    caption: sentences(
      `A point is a test example: the mean of its posterior${dimensions === undefined ? "" : `, ${plural(dimensions, "dimension")}`}${shown.every(({ latents }) => latents.components === 2) ? ", on the two principal components of all of them; both axes have one scale" : ""}`,
      !single &&
        "Each panel has its own components, so places cannot be compared between panels; how far the labels come apart can",
      labels.length > 0
        ? "A label is written at the median of its points, unless another stands there"
        : "These data have no labels, so nothing is colored",
      drawn < total
        ? `${drawn} of ${total} points are drawn, evenly picked`
        : `n = ${formatRange(shown.map(({ latents }) => latents.total))}${single ? "" : " in each panel"}`,
    ),
    spec,
  };
};
