/** Differences against the first subject, a panel a figure: the mean, its interval, and the line of no difference. */
import { type Chart, sentences } from "../charts/chart.js";
import { intervals, type Layer, meanPoints } from "../charts/marks.js";
import type { Spec } from "../charts/render.js";
import { figureTitle, isLeading } from "../figures/names.js";
import { category } from "../pages/palette.js";
import { differenceText } from "./cells.js";
import type { Comparison } from "./compare.js";

const WIDTH = 300;
const ROW = 22;

type Row = {
  name: string;
  line: string;
  mean: number;
  low: number | null;
  high: number | null;
  said: string;
};

const rowsOf = ({ subjects, settings }: Comparison): Row[] => {
  const others = subjects.slice(1).map(({ label }) => label);
  return settings.flatMap(({ setting, figures }) =>
    figures.flatMap(({ name, unit, differences }) =>
      differences.flatMap((difference, i) => {
        if (!difference || !isLeading(name)) return [];
        const line = [setting, others.length > 1 ? others[i] : ""].filter(Boolean).join(", ") || others[i]!;
        const said = `${figureTitle(name)}, ${line}: ${differenceText(difference, unit)} ${unit}`;
        return [{ name, line, mean: difference.mean, low: difference.low, high: difference.high, said }];
      }),
    ),
  );
};

/** Undefined where nothing is paired. */
export const differencesChart = (comparison: Comparison): Chart | undefined => {
  const rows = rowsOf(comparison);
  if (rows.length === 0) return undefined;
  const names = [...new Set(rows.map(({ name }) => name))];
  const lines = [...new Set(rows.map(({ line }) => line))];
  const unitOf = (name: string): string =>
    comparison.settings.flatMap(({ figures }) => figures).find((figure) => figure.name === name)?.unit ?? "";
  const panels = names.map((name, i) => {
    const own = rows.filter((row) => row.name === name);
    const x = { field: "mean", type: "quantitative", title: unitOf(name), axis: { tickCount: 5 } } as const;
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
    return {
      name: `difference_${i}`,
      width: WIDTH,
      height: Math.max(2, lines.length) * ROW,
      title: figureTitle(name),
      layer,
    };
  });
  const spec: Spec = { columns: 2, spacing: 48, concat: panels };
  const [first, ...others] = comparison.subjects.map(({ label }) => label);
  return {
    heading: others.length > 1 ? `Differences from ${first}` : `${others[0]} minus ${first}`,
    alt: sentences(...rows.map(({ said }) => said)),
    caption: sentences(
      `A ring is the mean of the paired differences, a bar its interval, the dashed line no difference`,
      comparison.method.replace(/^./, (first) => first.toUpperCase()),
    ),
    spec,
  };
};
