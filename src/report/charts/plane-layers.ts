/** The layers of a plane: its lines and controls, the means with their intervals and labels, and over them the seeds. */
import { extentOf } from "../../numerics/lists.js";
import type { Place } from "../figures/pareto.js";
import type { Settings } from "../figures/settings.js";
import { settingColor } from "./colors.js";
import { legendAbove } from "./layout.js";
import {
  crosses,
  dashed,
  type Encoding,
  filledMeans,
  intervals,
  joined,
  type Layer,
  meanPoints,
  seedPoints,
  texts,
} from "./marks.js";
import { type LabelPlace, placeLabels } from "./place-labels.js";
import { type Axes, groupOf, isBySeries, type MeanPoint, type PlaneAxis, type SeedPoint } from "./plane-points.js";

export interface Mark extends Place {
  label: string;
  /** The best attainable values; the picture extends to them. */
  ceiling: boolean;
}
export interface Reference {
  label: string;
  points: readonly Place[];
}
/** Everything in the plot. */
export interface PlaneDrawing {
  axes: Axes;
  settings: Settings;
  size: { width: number; height: number };
  seeds: readonly SeedPoint[];
  means: readonly MeanPoint[];
  /** Indices of the means that are filled. */
  front: readonly number[];
  lines: readonly Reference[];
  controls: readonly Mark[];
}
type Range = readonly [number, number];

/** Range of the points with a margin; constant values get an artificial range. */
const domainOf = (values: readonly number[]): [number, number] => {
  const [least, most] = extentOf(values);
  const room = most > least ? (most - least) * 0.06 : Math.abs(least) * 0.5 || 1;
  return [least - room, most + room];
};
const isWithin = (value: number, [least, most]: Range): boolean => value >= least && value <= most;

/** The upper limit is always shown; other controls only if they do not squeeze the models together. */
const domainsOf = ({ seeds, means, controls }: PlaneDrawing): { x: Range; y: Range } => {
  const ends = means.flatMap(({ xLow, xHigh, yLow, yHigh }) =>
    xLow === null || xHigh === null || yLow === null || yHigh === null
      ? []
      : [
          { x: xLow, y: yLow },
          { x: xHigh, y: yHigh },
        ],
  );
  const spanned = [...seeds, ...ends, ...controls.filter(({ ceiling }) => ceiling)];
  return { x: domainOf(spanned.map(({ x }) => x)), y: domainOf(spanned.map(({ y }) => y)) };
};
/** The controls within the range of the models. */
export const controlsWithin = (drawing: PlaneDrawing): Mark[] => {
  const { x, y } = domainsOf(drawing);
  return drawing.controls.filter((control) => isWithin(control.x, x) && isWithin(control.y, y));
};

const axisOf = (field: "x" | "y", { title }: PlaneAxis, [least, most]: Range) => {
  const domain: [number, number] = [least, most];
  return {
    field,
    type: "quantitative" as const,
    title,
    scale: { domain, nice: false, zero: false },
    axis: { tickCount: 6 },
  };
};

const referenceLayers = (lines: readonly Reference[], place: Encoding): Layer[] =>
  lines.flatMap(({ label, points }, i) => [
    dashed(
      `reference_${i}`,
      points.map(({ x, y }) => ({ x, y })),
      place,
    ),
    texts(
      `reference_label_${i}`,
      points.slice(-1).map(({ x, y }) => ({ x, y, label })),
      "label",
      place,
      { dx: -2, dy: 13, quiet: true, align: "right" },
    ),
  ]);

const labelLayers = (
  rows: readonly (Place & { label: string })[],
  places: readonly (LabelPlace | undefined)[],
  name: string,
  encoding: Encoding,
  quiet = false,
): Layer[] =>
  rows.flatMap(({ x, y, label }, i) => {
    const place = places[i];
    return place ? [texts(`${name}_${i}`, [{ x, y, label }], "label", encoding, { ...place, quiet })] : [];
  });

export const planeLayers = (drawing: PlaneDrawing): Layer[] => {
  const { axes, settings, size, seeds, means, front, lines } = drawing;
  const domains = domainsOf(drawing);
  const drawn = controlsWithin(drawing);
  const [x, y] = [axisOf("x", axes.x, domains.x), axisOf("y", axes.y, domains.y)];
  const inPixels = (value: number, [least, most]: Range, length: number): number =>
    ((value - least) / (most - least)) * length;
  const places = placeLabels(
    [...means, ...drawn].map((point) => ({
      x: inPixels(point.x, domains.x, size.width),
      y: size.height - inPixels(point.y, domains.y, size.height),
      label: point.label,
    })),
    size.width,
  );
  const bySeries = isBySeries(settings);
  const colors = new Map(settings.all.map((each) => [groupOf(settings, each), settingColor(settings, each)]));
  const color: NonNullable<Encoding["color"]> = {
    field: "group",
    type: "nominal",
    scale: { domain: [...colors.keys()], range: [...colors.values()] },
    legend: bySeries ? legendAbove(settings.series, size.width) : null,
  };
  const order: Encoding = {
    order: { field: "position", type: "quantitative" },
    detail: { field: "series", type: "nominal" },
  };
  const said = drawn.map((control) => ({ x: control.x, y: control.y, said: `control: ${control.label}` }));
  const rows = means.map((mean) => ({ ...mean }));
  const filled = rows.filter((_, i) => front.includes(i));
  const bounded = rows.filter(({ xLow, yLow }) => xLow !== null && yLow !== null);
  return [
    ...referenceLayers(lines, { x, y }),
    ...(drawn.length > 0 ? [crosses(said, { x, y })] : []),
    ...labelLayers(drawn, places.slice(means.length), "control_labels", { x, y }, true),
    ...(settings.primary
      ? [joined(rows, { x, y, ...order, ...(bySeries && { color }) }, bySeries ? undefined : "var(--line)")]
      : []),
    meanPoints(rows, { x, y, color }),
    ...(filled.length < rows.length ? [filledMeans(filled, { x, y, color })] : []),
    ...intervals("x_intervals", bounded, { x: { ...x, field: "xLow" }, x2: { field: "xHigh" }, y, color }),
    ...intervals("y_intervals", bounded, { x, y: { ...y, field: "yLow" }, y2: { field: "yHigh" }, color }),
    seedPoints(
      seeds.map((seed) => ({ ...seed })),
      { x, y, color },
    ),
    ...labelLayers(means, places, "mean_labels", { x, y }),
  ];
};
