/**
 * Charts of a sweep's figures: the planes that metrics declare, the headline figures, and one chart for each other figure.
 */
import { SECTIONS } from "../../contracts/measurement.js";
import type { DeclaredFigure, SweepMetrics } from "../../storage/layout.js";
import { absent, figureOf } from "../charts/chart.js";
import { type FigureChart, figureBySetting } from "../charts/figure-by-setting.js";
import { planesOf } from "../charts/planes.js";
import { type Column, isOfClass, memberTitle, SECTION_TITLES, setTitle } from "../figures/columns.js";
import { capitalized } from "../figures/numbers.js";
import { CEILING, controlsOf, controlTitle, sayControls } from "../figures/sample-sets.js";
import type { Settings } from "../figures/settings.js";
import { html, type Markup } from "../pages/html.js";
import { sweepColumns } from "../tables/rows.js";

const axisName = ({ primary, axes }: Settings): string =>
  primary?.label ?? (axes.map(({ label }) => label).join(", ") || "setting");

/** A figure, with the measurements that are the lines of its chart: its own, and those of figures that join it. */
interface Charted {
  figure: DeclaredFigure;
  columns: readonly Column[];
}

const chartedFigures = (metrics: SweepMetrics): Charted[] => {
  const columns = sweepColumns(metrics).filter((column) => !isOfClass(column));
  const measured = new Set(columns.map(({ key }) => key.figure));
  const joins = ({ key, figure: { chart } }: Column): string =>
    chart !== undefined && measured.has(chart) ? chart : key.figure;
  return [...new Set(columns.map(joins))].map((name) => {
    const own = columns.filter(({ key }) => key.figure === name);
    const others = columns.filter((column) => joins(column) === name && !own.includes(column));
    return { figure: metrics.figures[name]!, columns: [...own, ...others] };
  });
};

/** Distinguishes a line from the others of its chart. */
const lineLabel = ({ key, figure }: Column): string => {
  if (key.encoder !== undefined) return `${key.encoder} encoder`;
  return key.set ? setTitle(key.set) : memberTitle(key, figure) || figure.title;
};

/** One chart; measurements with equal labels share a line. */
const chartOf = (
  { figure, columns }: Charted,
  metrics: SweepMetrics,
  settings: Settings,
  size: FigureChart["size"],
): FigureChart => {
  const labels = columns.map(lineLabel);
  const lines = columns.flatMap((column, i) =>
    labels.indexOf(labels[i]!) === i ? [{ column, label: labels[i]! }] : [],
  );
  const controls = controlsOf(metrics, columns[0]!.key);
  const ceiling = controls.find(({ set }) => set === CEILING);
  const only = lines.length === 1 ? columns[0] : undefined;
  const encoder = only?.key.encoder === undefined ? "" : `, ${only.key.encoder} encoder`;
  return {
    heading: `${capitalized((only ?? figure).title)} by ${axisName(settings)}${encoder}`,
    reading: figure.reading,
    aside: sayControls(controls),
    axisTitle: figure.unit,
    lines: lines.length > 1 ? lines : lines.map(({ column }) => ({ column, label: "" })),
    ...(ceiling && { level: { value: ceiling.value, label: controlTitle(CEILING) } }),
    size,
  };
};

const NONE = "no finished trial has these figures";
const LARGE = { width: 520, height: 300 };
const SMALL = { width: 360, height: 220 };
const NO_SAMPLES =
  "No trial has figures of its samples. Metrics such as precision-recall and density-coverage measure their fidelity and diversity: add them to evaluation.metrics";

const draw = async (
  charted: Charted,
  metrics: SweepMetrics,
  settings: Settings,
  size: FigureChart["size"],
): Promise<Markup> => {
  const chart = figureBySetting(metrics, settings, chartOf(charted, metrics, settings, size));
  return chart ? figureOf(chart) : absent(capitalized(charted.figure.title), NONE);
};

const isHeadline = ({ figure }: Charted): boolean => figure.prominence === "headline";

/** The planes of the model's own figures, the headline figures, then the planes of samples. */
export const mainCharts = async (metrics: SweepMetrics, settings: Settings): Promise<Markup> => {
  const planes = planesOf(metrics, settings);
  const [ofModel, ofSamples] = [planes.filter(({ set }) => !set), planes.filter(({ set }) => set)];
  const headlines = chartedFigures(metrics).filter(isHeadline);
  const drawn = await Promise.all([
    ...ofModel.map(({ chart }) => figureOf(chart)),
    ...headlines.map((charted) => draw(charted, metrics, settings, LARGE)),
    ...ofSamples.map(({ chart }) => figureOf(chart)),
  ]);
  return html`${drawn.length > 0 ? html`<div class="pair">${drawn}</div>` : absent("Figures plotted against each other", NONE)}${ofSamples.length === 0 && html`<p class="missing">${NO_SAMPLES}.</p>`}`;
};

/** A chart for each figure that has no chart of its own above, by section. */
export const otherCharts = async (metrics: SweepMetrics, settings: Settings): Promise<Markup> => {
  const inPlanes = new Set(metrics.planes.flatMap(({ x, y }) => [x.figure, y.figure]));
  const shown = ({ figure, columns }: Charted): boolean =>
    figure.prominence === "headline" || (inPlanes.has(columns[0]!.key.figure) && columns.every(({ key }) => !key.set));
  const others = chartedFigures(metrics).filter((charted) => !shown(charted));
  const sections = await Promise.all(
    SECTIONS.map(async (section) => {
      const own = others.filter(({ figure }) => figure.section === section);
      const drawn = await Promise.all(own.map((charted) => draw(charted, metrics, settings, SMALL)));
      return drawn.length > 0
        ? html`<h3 class="section">${SECTION_TITLES[section]}</h3><div class="trio">${drawn}</div>`
        : undefined;
    }),
  );
  return others.length > 0 ? html`${sections}` : html`<p class="missing">There are no other figures.</p>`;
};
