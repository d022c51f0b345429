/**
 * Two figures against each other: a point a seed, the mean of each setting with its interval both ways, the settings of a series
 * joined along the swept axis. Means that no other beats in both figures are filled: the Pareto set.
 */

import { studentInterval } from "../../numerics/statistics.js";
import type { SweepMetrics } from "../../storage/layout.js";
import { drawable } from "../figures/names.js";
import { formatFigure, formatSpread, formatSpreadText } from "../figures/numbers.js";
import { type Better, hypervolume, type Place, paretoSet } from "../figures/pareto.js";
import { describeChoice, type Setting, type Settings } from "../figures/settings.js";
import { type Chart, sentences } from "./chart.js";
import { colorMeaning, settingColor } from "./colors.js";
import { describeSamples, describeSeeds } from "./describe.js";
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
import { placeLabels } from "./place-labels.js";
import type { Spec } from "./render.js";

export interface PlaneAxis {
  /** Of the figure. */
  name: string;
  /** In a sentence. */
  word: string;
  title: string;
  unit: string;
  better: Better;
}
export interface Mark extends Place {
  label: string;
  /** The best that can be hoped for: the picture reaches as far. */
  ceiling: boolean;
}
export interface Plane {
  heading: string;
  /** What the picture is called for who does not see it. */
  alt: string;
  /** How the axes are read. */
  reading: string;
  x: PlaneAxis;
  y: PlaneAxis;
  /** Lines that come in as data, from the means. */
  references?(means: readonly Place[]): readonly { label: string; points: readonly Place[] }[];
  /** What the lines mean, where there are some. */
  referenceReading?: string;
  /** Sets whose standing is known, as crosses. */
  controls?: readonly Mark[];
  /** From where the hypervolume is measured; by default the worst mean of each figure. */
  origin?: Place;
  size: { width: number; height: number };
}

/** What the points span, with some room; values that are all the same need a range of their own. */
const domainOf = (values: readonly number[]): [number, number] => {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const room = most > least ? (most - least) * 0.06 : Math.abs(least) * 0.5 || 1;
  return [least - room, most + room];
};
const isWithin = (value: number, [least, most]: readonly [number, number]): boolean => value >= least && value <= most;

const worst = (values: readonly number[], better: Better): number =>
  better === "less" ? Math.max(...values) : Math.min(...values);

/** The area that the settings' means beat, over the seeds one by one, from a point that is declared. */
const hypervolumeText = (
  { x, y, origin }: Plane,
  seeds: readonly (Place & { seed: number })[],
  means: readonly Place[],
): string => {
  const directions = { x: x.better, y: y.better };
  const reference = origin ?? {
    x: worst(
      seeds.map((point) => point.x),
      x.better,
    ),
    y: worst(
      seeds.map((point) => point.y),
      y.better,
    ),
  };
  const bySeed = [...new Set(seeds.map(({ seed }) => seed))].map((seed) =>
    hypervolume(
      seeds.filter((point) => point.seed === seed),
      reference,
      directions,
    ),
  );
  const [text, half] = formatSpread(studentInterval(bySeed), "");
  const where = `${x.word} ${formatFigure(reference.x, x.unit)} and ${y.word} ${formatFigure(reference.y, y.unit)}`;
  const front = hypervolume(means, reference, directions);
  return `Hypervolume beaten from the reference point ${where}${origin ? "" : ", the worst seeds here"}: ${formatFigure(front, "")} by the means, ${text}${half === null ? "" : ` ± ${half}`} seed by seed`;
};

/** Undefined where no trial has both figures. */
export const planeChart = (metrics: SweepMetrics, settings: Settings, plane: Plane): Chart | undefined => {
  const { x: across, y: up, size, controls = [] } = plane;
  const groupOf = ({ series, label }: Setting): string =>
    settings.primary && settings.series.length > 1 ? series : label;
  const pair = (x: string, y: string): string => `${across.word} ${x}, ${up.word} ${y}`;
  const seeds = metrics.points.flatMap(({ choices, seed, figures }) => {
    const [x, y, setting] = [figures[across.name], figures[up.name], settings.of(choices)];
    if (!drawable(x) || !drawable(y) || !setting) return [];
    const said = `${setting.label}, seed ${seed}: ${pair(formatFigure(x.value, across.unit), formatFigure(y.value, up.unit))}`;
    return [{ x: x.value, y: y.value, seed, group: groupOf(setting), said }];
  });
  const means = settings.all.flatMap((setting) => {
    const group = metrics.groups.find(({ choices }) => settings.of(choices) === setting);
    const [x, y] = [group?.figures[across.name], group?.figures[up.name]];
    if (!x || !y) return [];
    const said = `${setting.label}, mean of ${x.n}: ${pair(formatSpreadText(x, across.unit), formatSpreadText(y, up.unit))}`;
    return [
      {
        x: x.mean,
        xLow: x.low,
        xHigh: x.high,
        y: y.mean,
        yLow: y.low,
        yHigh: y.high,
        group: groupOf(setting),
        series: setting.series,
        position: setting.position,
        label: settings.primary ? describeChoice(setting.position) : setting.label,
        said,
      },
    ];
  });
  if (seeds.length === 0 || means.length === 0) return undefined;

  const bySeries = settings.primary !== undefined && settings.series.length > 1;
  const colors = new Map(settings.all.map((setting) => [groupOf(setting), settingColor(settings, setting)]));
  const lines = plane.references && means.length > 1 ? plane.references(means) : [];
  const front = paretoSet(means, { x: across.better, y: up.better });
  const beaten = means.filter((_, i) => !front.includes(i));
  // The ceiling is worth the room that it takes; other controls are drawn where they do not press the models together.
  const ends = means.flatMap(({ xLow, xHigh, yLow, yHigh }) =>
    xLow === null || xHigh === null || yLow === null || yHigh === null
      ? []
      : [
          { x: xLow, y: yLow },
          { x: xHigh, y: yHigh },
        ],
  );
  const spanned = [...seeds, ...ends, ...controls.filter(({ ceiling }) => ceiling)];
  const domain = { x: domainOf(spanned.map(({ x }) => x)), y: domainOf(spanned.map(({ y }) => y)) };
  const drawn = controls.filter((control) => isWithin(control.x, domain.x) && isWithin(control.y, domain.y));
  const outside = controls.filter((control) => !drawn.includes(control));
  const axisOf = (field: "x" | "y", { title }: PlaneAxis) =>
    ({
      field,
      type: "quantitative",
      title,
      scale: { domain: domain[field], nice: false, zero: false },
      axis: { tickCount: 6 },
    }) as const;
  const [x, y] = [axisOf("x", across), axisOf("y", up)];
  const labels = placeLabels(
    [...means, ...drawn].map((place) => ({
      x: ((place.x - domain.x[0]) / (domain.x[1] - domain.x[0])) * size.width,
      y: (1 - (place.y - domain.y[0]) / (domain.y[1] - domain.y[0])) * size.height,
      label: place.label,
    })),
    size.width,
  );
  const labeled = (rows: readonly (Place & { label: string })[], first: number, name: string, quiet = false): Layer[] =>
    rows.flatMap(({ x: atX, y: atY, label }, i) => {
      const place = labels[first + i];
      return place ? [texts(`${name}_${i}`, [{ x: atX, y: atY, label }], "label", { x, y }, { ...place, quiet })] : [];
    });
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
  const bounded = means.filter(({ xLow, yLow }) => xLow !== null && yLow !== null);
  const layers: Layer[] = [
    ...lines.flatMap(({ label, points }, i) => [
      dashed(
        `reference_${i}`,
        points.map(({ x, y }) => ({ x, y })),
        { x, y },
      ),
      texts(
        `reference_label_${i}`,
        points.slice(-1).map((point) => ({ ...point, label })),
        "label",
        { x, y },
        { dx: -2, dy: 13, quiet: true, align: "right" },
      ),
    ]),
    ...(drawn.length > 0
      ? [
          crosses(
            drawn.map(({ x, y, label }) => ({ x, y, said: `${label}, a control` })),
            { x, y },
          ),
          ...labeled(drawn, means.length, "control_labels", true),
        ]
      : []),
    ...(settings.primary
      ? [joined(means, { x, y, ...order, ...(bySeries && { color }) }, bySeries ? undefined : "var(--line)")]
      : []),
    meanPoints(means, { x, y, color }),
    ...(beaten.length > 0
      ? [
          filledMeans(
            means.filter((_, i) => front.includes(i)),
            { x, y, color },
          ),
        ]
      : []),
    ...intervals("x_intervals", bounded, { x: { ...x, field: "xLow" }, x2: { field: "xHigh" }, y, color }),
    ...intervals("y_intervals", bounded, { x, y: { ...y, field: "yLow" }, y2: { field: "yHigh" }, color }),
    seedPoints(seeds, { x, y, color }),
    ...labeled(means, 0, "mean_labels"),
  ];
  const spec: Spec = { ...size, layer: layers };
  const best =
    beaten.length === 0
      ? means.length > 1 && "No mean is beaten in both figures: all are in the Pareto set"
      : `Filled rings are the Pareto set, which no other mean beats in both figures: ${front.map((i) => means[i]?.label).join(", ")}`;
  return {
    heading: plane.heading,
    alt: `${plane.alt}. ${sentences(...means.map(({ said }) => said), ...controls.map((control) => `${control.label}: ${pair(formatFigure(control.x, across.unit), formatFigure(control.y, up.unit))}`))}`,
    caption: sentences(plane.reading, best, describeSamples(metrics, [across.name, up.name])),
    more: sentences(
      "A dot is a seed, a ring the mean of its setting, a bar its interval",
      `${colorMeaning(settings)}${settings.primary ? `; each mean is marked with its ${settings.primary.label}, and the line joins them in its order` : ""}`,
      lines.length > 0 && plane.referenceReading,
      hypervolumeText(plane, seeds, means),
      controls.length > 0 &&
        `Crosses are controls, sets whose standing is known: what a model is worth shows only beside them${outside.length > 0 ? `. Outside the picture: ${outside.map((control) => `${control.label} (${formatFigure(control.x, across.unit)}, ${formatFigure(control.y, up.unit)})`).join(", ")}` : ""}`,
      describeSeeds(metrics),
    ),
    spec,
  };
};
