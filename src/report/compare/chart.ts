/** Differences from the first subject, one panel per figure: the mean, its interval, and the line of no difference. */
import { type Chart, sentences } from "../charts/chart.js";
import { intervals, type Layer, meanPoints } from "../charts/marks.js";
import type { Spec } from "../charts/render.js";
import { ARROWS_MEANING, type Column, directedUnit, isLeading } from "../figures/columns.js";
import { capitalized } from "../figures/numbers.js";
import { category } from "../pages/palette.js";
import { differenceText } from "./cells.js";
import type { Comparison } from "./compare.js";

const WIDTH = 300;
const ROW = 22;

type Row = {
  column: Column;
  line: string;
  mean: number;
  low: number | null;
  high: number | null;
  said: string;
};

const rowsOf = ({ subjects, settings }: Comparison): Row[] => {
  const others = subjects.slice(1).map(({ label }) => label);
  return settings.flatMap(({ setting, figures }) =>
    figures.flatMap(({ column, differences }) =>
      differences.flatMap((difference, i) => {
        if (!difference || !isLeading(column)) return [];
        const line = [setting, others.length > 1 ? others[i] : ""].filter(Boolean).join(", ") || others[i]!;
        const { title, unit } = column;
        const said = `${title}, ${line}: ${differenceText(difference, unit)} ${unit}`;
        return [{ column, line, mean: difference.mean, low: difference.low, high: difference.high, said }];
      }),
    ),
  );
};

/** One figure: a ring and a bar for each line of the chart. @param i tells its layers from those of other panels */
const panelOf = (column: Column, i: number, rows: readonly Row[], lines: string[]) => {
  const own = rows.flatMap(({ column: { name }, ...row }) => (name === column.name ? [row] : []));
  const x = { field: "mean", type: "quantitative", title: directedUnit(column), axis: { tickCount: 5 } } as const;
  const y = {
    field: "line",
    type: "nominal",
    sort: lines,
    title: null,
    axis: lines.length > 1 ? { grid: false, labelLimit: 180 } : null,
  } as const;
  const color = { value: category(0) };
  const bounded = own.filter(({ low }) => low !== null);
  const layer: Layer[] = [
    {
      name: `none_${i}`,
      data: { values: [{ mean: 0 }] },
      mark: { type: "rule", color: "var(--line)", strokeDash: [4, 4], aria: false },
      encoding: { x },
    },
    ...intervals(`intervals_${i}`, bounded, { x: { ...x, field: "low" }, x2: { field: "high" }, y, color }),
    meanPoints(own, { x, y, color }, `means_${i}`),
  ];
  const height = Math.max(2, lines.length) * ROW;
  return { name: `difference_${i}`, width: WIDTH, height, title: column.title, layer };
};

/** Undefined where nothing is paired. */
export const differencesChart = (comparison: Comparison): Chart | undefined => {
  const rows = rowsOf(comparison);
  if (rows.length === 0) return undefined;
  const columns = [...new Map(rows.map(({ column }) => [column.name, column])).values()];
  const lines = [...new Set(rows.map(({ line }) => line))];
  const spec: Spec = {
    columns: 2,
    spacing: 48,
    concat: columns.map((column, i) => panelOf(column, i, rows, lines)),
  };
  const [first, ...others] = comparison.subjects.map(({ label }) => label);
  return {
    heading: others.length > 1 ? `Differences from ${first}` : `${others[0]} minus ${first}`,
    alt: sentences(rows.map(({ said }) => said)),
    caption: sentences(
      `Rings are means of paired differences, bars are their intervals, and the dashed line marks no difference. ${capitalized(ARROWS_MEANING)}`,
      capitalized(comparison.method),
    ),
    spec,
  };
};
