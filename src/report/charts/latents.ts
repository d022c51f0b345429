/** The codes of the test split in two dimensions, colored by label, with each label written at the median of its points. */
import { extentOf } from "../../numerics/lists.js";
import { formatRange, plural } from "../figures/numbers.js";
import { category } from "../pages/palette.js";
import type { Latents } from "../read/latents.js";
import { type Chart, sentences } from "./chart.js";
import type { Encoding, Layer, Row } from "./marks.js";
import { standApart } from "./place-labels.js";
import type { Spec } from "./render.js";

export interface LatentPanel {
  title: string;
  latents: Latents;
}

/** Labels in numeric order if they are numbers. */
const labelsOf = (panels: readonly LatentPanel[]): string[] =>
  [...new Set(panels.flatMap(({ latents }) => latents.points.map(({ label }) => label)))]
    .filter((label) => label !== undefined)
    .sort((a, b) => Number(a) - Number(b) || (a < b ? -1 : 1));

/** A square around all points: both axes need the same scale, or distances would mislead. A single component needs none. */
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

const colorOf = (labels: readonly string[], single: boolean): NonNullable<Encoding["color"]> =>
  labels.length === 0
    ? { value: category(0) }
    : {
        field: "label",
        type: "nominal",
        scale: { domain: [...labels], range: labels.map((_, i) => category(i)) },
        legend: { title: "label", symbolLimit: 30, ...(!single && { orient: "top", columns: 10 }) },
      };

interface Plane {
  domain: ReturnType<typeof domainsOf>;
  /** Side of the square, in pixels. */
  size: number;
  /** The only panel: larger, with axes. */
  single: boolean;
  /** Encodes positions only. */
  encoding: Encoding;
}

/** The names of labels at the medians of their points. Names that would overlap are only in the legend. */
const nameLayers = (latents: Latents, labels: readonly string[], plane: Plane): Layer[] => {
  const { domain, size, single, encoding } = plane;
  const named = centers(latents, labels);
  const [width, height] = [domain.x[1] - domain.x[0], domain.y[1] - domain.y[0]];
  const pixels = named.map(({ x, y, label }) => ({
    x: ((Number(x) - domain.x[0]) / width) * size,
    y: ((domain.y[1] - Number(y)) / height) * size,
    label: String(label),
  }));
  const fontSize = single ? 15 : 11;
  const apart = standApart(pixels, fontSize);
  const values = named.filter((_, label) => apart[label]);
  const layer = (halo: { stroke?: string; strokeWidth?: number }): Layer => ({
    data: { values },
    mark: { type: "text", fontSize, fontWeight: 700, ...halo, aria: false },
    encoding: { ...encoding, text: { field: "label", type: "nominal" } },
  });
  return [layer({ stroke: "var(--page)", strokeWidth: 4 }), layer({})];
};

const planeOf = (latents: Latents, size: number, single: boolean): Plane => {
  const domain = domainsOf(latents);
  const axis = single ? { grid: true, tickCount: 5 } : { labels: false, ticks: false, grid: false, title: null };
  const [first, second] =
    latents.components === 2
      ? ["first principal component", "second principal component"]
      : ["latent dimension", "label"];
  const encoding: Encoding = {
    x: { field: "x", type: "quantitative", scale: { domain: domain.x, nice: false }, title: first, axis },
    y: { field: "y", type: "quantitative", scale: { domain: domain.y, nice: false }, title: second, axis },
  };
  return { domain, size, single, encoding };
};

const panelOf = (
  { title, latents }: LatentPanel,
  i: number,
  labels: readonly string[],
  size: number,
  single: boolean,
) => {
  const plane = planeOf(latents, size, single);
  const points: Layer = {
    name: `codes_${i}`,
    data: { values: latents.points.map(({ x, y, label }) => ({ x, y, ...(label !== undefined && { label }) })) },
    mark: { type: "point", filled: true, size: single ? 18 : 8, opacity: 0.65, aria: false },
    encoding: { ...plane.encoding, color: colorOf(labels, single) },
  };
  return {
    width: size,
    height: size,
    ...(title && { title: { text: title, limit: size * 1.35 } }),
    layer: [points, ...nameLayers(latents, labels, plane)],
  };
};

const altOf = (shown: readonly LatentPanel[], labels: readonly string[], drawn: number): string =>
  sentences(
    `Scatter plot of ${plural(drawn, "code")} on two principal components`,
    shown.flatMap(({ title, latents }) =>
      centers(latents, labels).map(
        ({ label, x, y }) =>
          `${title && `${title}, `}label ${label} around ${Number(x).toFixed(2)}, ${Number(y).toFixed(2)}`,
      ),
    ),
  );

const captionOf = (shown: readonly LatentPanel[], labels: readonly string[], drawn: number): string => {
  const total = shown.reduce((sum, { latents }) => sum + latents.total, 0);
  const dimensions = shown[0]?.latents.dimensions;
  const single = shown.length === 1;
  return sentences(
    `Each point is the posterior mean of a test example${dimensions === undefined ? "" : ` (${plural(dimensions, "dimension")})`}${shown.every(({ latents }) => latents.components === 2) ? ", projected onto the first two principal components of all points; both axes have the same scale" : ""}`,
    !single && "Each panel has its own components: compare how well labels separate, not where they lie",
    labels.length > 0
      ? "Labels stand at the median of their points, and are omitted where they would overlap"
      : "These data have no labels, so points have one color",
    drawn < total
      ? `${drawn} of ${total} points are drawn, at even intervals`
      : `n = ${formatRange(shown.map(({ latents }) => latents.total))}${single ? "" : " in each panel"}`,
  );
};

export const latentScatter = (panels: readonly LatentPanel[], heading: string, columns: number): Chart | undefined => {
  const shown = panels.filter(({ latents }) => latents.points.length > 0);
  const [first] = shown;
  if (!first) return undefined;
  const labels = labelsOf(shown);
  const size = Math.round(1080 / columns) - 24;
  const spec: Spec =
    shown.length === 1
      ? panelOf(first, 0, labels, 460, true)
      : {
          columns,
          spacing: 32,
          bounds: "flush",
          concat: shown.map((panel, i) => panelOf(panel, i, labels, size, false)),
        };
  const drawn = shown.reduce((sum, { latents }) => sum + latents.points.length, 0);
  return { heading, alt: altOf(shown, labels, drawn), caption: captionOf(shown, labels, drawn), spec };
};
