/**
 * A figure, or several of one unit, by what was swept: along the numeric axis (logarithmic where its values are) with a line
 * a series, or side by side where nothing numeric was swept. A point a seed; the mean with its interval.
 */
import type { SweepMetrics } from "../../storage/layout.js";
import { drawable } from "../figures/names.js";
import { formatFigure, formatSpreadText } from "../figures/numbers.js";
import type { Axis, Settings } from "../figures/settings.js";
import { category } from "../pages/palette.js";
import { type Chart, sentences } from "./chart.js";
import { describeSamples, describeSeeds } from "./describe.js";
import { legendAbove, scaleFor } from "./layout.js";
import { type Encoding, intervals, joined, type Layer, meanPoints, seedPoints, texts } from "./marks.js";
import type { Spec } from "./render.js";

export interface Drawn {
  name: string;
  /** Tells it from the others of the chart. */
  label: string;
}
export interface FigureChart {
  heading: string;
  /** Said of the figures in the caption: what is better, what to beware of. */
  reading: string;
  /** Said with how it is read. */
  aside?: string;
  axisTitle: string;
  figures: readonly Drawn[];
  /** A level that the figures are read beside, drawn as a dashed line. */
  level?: { value: number; label: string };
  size: { width: number; height: number };
}

const alongAxis = ({ label, values, logarithmic }: Axis): Encoding => ({
  x: {
    field: "position",
    type: "quantitative",
    title: label,
    scale: logarithmic ? { type: "log", nice: false, padding: 14 } : { zero: false, nice: false, padding: 14 },
    axis: {
      grid: false,
      labelOverlap: "greedy",
      format: "~g",
      ...(values.length <= 16 && { values: values.filter((value) => typeof value === "number") }),
    },
  },
});
const sideBySide = ({ axes, all }: Settings, lines: readonly string[]): Encoding => ({
  x: {
    field: "setting",
    type: "nominal",
    title: axes.map(({ label }) => label).join(", "),
    sort: all.map(({ label }) => label),
    axis: { grid: false, labelAngle: all.length > 5 ? -30 : 0, labelLimit: 160 },
  },
  ...(lines.length > 1 && { xOffset: { field: "line", type: "nominal", sort: [...lines] } }),
});

const levelOf = (
  { value, label }: NonNullable<FigureChart["level"]>,
  y: NonNullable<Encoding["y"]>,
  width: number,
): Layer[] => [
  {
    name: "level",
    data: { values: [{ value }] },
    mark: { type: "rule", strokeDash: [4, 4], strokeWidth: 1, color: "var(--muted)", aria: false },
    encoding: { y },
  },
  texts(
    "level_label",
    [{ value, label }],
    "label",
    { y, x: { value: width } },
    { dx: -2, dy: -6, quiet: true, align: "right" },
  ),
];

/** Undefined where no trial has any of the figures. */
export const figureBySetting = (metrics: SweepMetrics, settings: Settings, chart: FigureChart): Chart | undefined => {
  const { primary } = settings;
  const lineOf = (label: string, series: string): string =>
    [chart.figures.length > 1 ? label : "", settings.series.length > 1 && primary ? series : ""]
      .filter(Boolean)
      .join(", ");
  const seeds = chart.figures.flatMap(({ name, label }) =>
    metrics.points.flatMap(({ choices, seed, figures }) => {
      const [figure, setting] = [figures[name], settings.of(choices)];
      if (!drawable(figure) || !setting) return [];
      const said = sentences(
        `${setting.label}, seed ${seed}${label && `, ${label}`}: ${formatFigure(figure.value, figure.unit)} ${figure.unit}`,
        figure.note,
      );
      return [
        {
          position: setting.position,
          setting: setting.label,
          value: figure.value,
          line: lineOf(label, setting.series),
          said,
        },
      ];
    }),
  );
  const means = chart.figures.flatMap(({ name, label }) =>
    settings.all.flatMap((setting) => {
      const figure = metrics.groups.find(({ choices }) => settings.of(choices) === setting)?.figures[name];
      if (!figure) return [];
      const said = `${setting.label}${label && `, ${label}`}: ${formatSpreadText(figure, figure.unit)} ${figure.unit}, mean of ${figure.n}`;
      return [
        {
          position: setting.position,
          setting: setting.label,
          value: figure.mean,
          low: figure.low,
          high: figure.high,
          line: lineOf(label, setting.series),
          said,
        },
      ];
    }),
  );
  if (seeds.length === 0 || means.length === 0) return undefined;

  const lines = [...new Set(means.map(({ line }) => line))];
  const y = {
    field: "value",
    type: "quantitative",
    title: chart.axisTitle,
    scale: scaleFor([...seeds.map(({ value }) => value), ...(chart.level ? [chart.level.value] : [])]),
  } as const;
  const color: NonNullable<Encoding["color"]> = {
    field: "line",
    type: "nominal",
    scale: { domain: lines, range: lines.map((_, i) => category(i)) },
    legend: lines.length > 1 ? { ...legendAbove(lines, chart.size.width), symbolType: "stroke" } : null,
  };
  const place = settings.primary ? alongAxis(settings.primary) : sideBySide(settings, lines);
  const encoding: Encoding = { ...place, y, color };
  const bounded = means.filter(({ low }) => low !== null);
  const layers: Layer[] = [
    ...(chart.level ? levelOf(chart.level, y, chart.size.width) : []),
    ...(settings.primary ? [joined(means, encoding)] : []),
    meanPoints(means, encoding),
    ...intervals("intervals", bounded, { ...encoding, y: { ...y, field: "low" }, y2: { field: "high" } }),
    seedPoints(seeds, encoding),
  ];
  const spec: Spec = { ...chart.size, layer: layers };
  return {
    heading: chart.heading,
    alt: sentences(chart.heading, ...means.map(({ said }) => said)),
    caption: sentences(
      chart.reading,
      describeSamples(
        metrics,
        chart.figures.map(({ name }) => name),
      ),
    ),
    more: sentences("A dot is a seed, a ring the mean, a bar its interval", chart.aside, describeSeeds(metrics)),
    spec,
  };
};
