/**
 * One figure, or several with the same unit, by setting: along the numeric axis (logarithmic if its values are) with one line
 * per series, or side by side without a numeric axis. One point per seed, and the mean with its interval.
 */
import type { SweepMetrics } from "../../storage/layout.js";
import type { Column } from "../figures/columns.js";
import { formatSpreadText, plural } from "../figures/numbers.js";
import type { Axis, Setting, Settings } from "../figures/settings.js";
import { boundMark, drawable, valueText } from "../figures/values.js";
import { category } from "../pages/palette.js";
import { type Chart, sentences } from "./chart.js";
import { describeSamples, describeSeeds } from "./describe.js";
import { legendAbove, scaleFor } from "./layout.js";
import { type Encoding, intervals, joined, type Layer, meanPoints, seedPoints, texts } from "./marks.js";

export interface FigureChart {
  heading: string;
  /** Remarks on the figures for the caption: direction, caveats. */
  reading: string;
  /** Text for the explanation of the chart. */
  aside?: string;
  axisTitle: string;
  /** Measurements with the same unit, distinguished by label. */
  lines: readonly { column: Column; label: string }[];
  /** Reference level, drawn as a dashed line. */
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

interface Drawing {
  metrics: SweepMetrics;
  settings: Settings;
  chart: FigureChart;
}

/** Name of the line: what distinguishes it in the chart, and the series of the setting if there are several. */
const lineOf = ({ settings, chart }: Drawing, label: string, { series }: Setting): string =>
  [chart.lines.length > 1 ? label : "", settings.series.length > 1 && settings.primary ? series : ""]
    .filter(Boolean)
    .join(", ");

const seedRows = (drawing: Drawing) =>
  drawing.chart.lines.flatMap(({ column: { name, unit }, label }) =>
    drawing.metrics.points.flatMap(({ choices, seed, measurements }) => {
      const [found, setting] = [measurements[name], drawing.settings.of(choices)];
      if (!drawable(found) || !setting) return [];
      const said = sentences(
        `${setting.label}, seed ${seed}${label && `, ${label}`}: ${valueText(found)} ${unit}`,
        found.note,
      );
      const line = lineOf(drawing, label, setting);
      return [{ position: setting.position, setting: setting.label, value: found.value, line, said }];
    }),
  );

const meanRows = (drawing: Drawing) =>
  drawing.chart.lines.flatMap(({ column: { name, unit }, label }) =>
    drawing.settings.all.flatMap((setting) => {
      const group = drawing.metrics.groups.find(({ choices }) => drawing.settings.of(choices) === setting);
      const found = group?.measurements[name];
      if (!found) return [];
      const { mean, low, high, n, bound } = found;
      const said = `${setting.label}${label && `, ${label}`}: ${boundMark(bound)}${formatSpreadText(found, unit)} ${unit}, mean of ${plural(n, "seed")}`;
      const line = lineOf(drawing, label, setting);
      return [{ position: setting.position, setting: setting.label, value: mean, low, high, line, said }];
    }),
  );

const layersOf = (
  { settings, chart }: Drawing,
  seeds: ReturnType<typeof seedRows>,
  means: ReturnType<typeof meanRows>,
): Layer[] => {
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
  return [
    ...(chart.level ? levelOf(chart.level, y, chart.size.width) : []),
    ...(settings.primary ? [joined(means, encoding)] : []),
    meanPoints(means, encoding),
    ...intervals("intervals", bounded, { ...encoding, y: { ...y, field: "low" }, y2: { field: "high" } }),
    seedPoints(seeds, encoding),
  ];
};

/** Undefined if no trial has any of the figures. */
export const figureBySetting = (metrics: SweepMetrics, settings: Settings, chart: FigureChart): Chart | undefined => {
  const drawing = { metrics, settings, chart };
  const [seeds, means] = [seedRows(drawing), meanRows(drawing)];
  if (seeds.length === 0 || means.length === 0) return undefined;
  const columns = chart.lines.map(({ column }) => column);
  return {
    heading: chart.heading,
    alt: sentences(
      chart.heading,
      means.map(({ said }) => said),
    ),
    caption: sentences(chart.reading, describeSamples(metrics, columns)),
    more: sentences(
      "Dots are seeds, rings are means over seeds, bars are intervals",
      chart.aside,
      describeSeeds(metrics),
    ),
    spec: { ...chart.size, layer: layersOf(drawing, seeds, means) },
  };
};
