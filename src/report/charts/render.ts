/**
 * Renders a chart spec to SVG text, without a browser or canvas. Vega, the heaviest import, is loaded with the first chart.
 * The SVG is compacted to allow hundreds of curves per page: coordinates to a hundredth of a pixel, circles as circles, and
 * the description of each mark as a <title>, which browsers show as a tooltip.
 */
import type { Config, TopLevelSpec } from "vega-lite";
import { isObject } from "../../storage/json.js";
import { Markup } from "../pages/html.js";

export type Spec = TopLevelSpec;

const FONT = "ui-sans-serif, system-ui, sans-serif";
const MUTED = "var(--muted)";
const CONFIG: Config = {
  background: "transparent",
  font: FONT,
  padding: 4,
  view: { stroke: null },
  axis: {
    labelColor: MUTED,
    titleColor: "var(--ink)",
    titleFontWeight: 500,
    titleFontSize: 12,
    labelFontSize: 11,
    titlePadding: 8,
    gridColor: "var(--grid)",
    domainColor: "var(--line)",
    tickColor: "var(--line)",
    tickSize: 4,
    labelPadding: 4,
    labelFlush: false,
  },
  legend: {
    labelColor: "var(--ink)",
    titleColor: MUTED,
    titleFontWeight: 500,
    titleFontSize: 11,
    labelFontSize: 11,
    symbolStrokeWidth: 2,
    symbolOpacity: 1,
    labelLimit: 220,
  },
  header: { labelColor: "var(--ink)", titleColor: MUTED, labelFontSize: 12, labelFontWeight: 500 },
  title: { color: "var(--ink)", fontSize: 12, fontWeight: 500, anchor: "start", offset: 8 },
  text: { color: "var(--ink)", fontSize: 11 },
  rule: { color: MUTED },
  line: { strokeWidth: 1.75 },
};

const round = (text: string): string =>
  text.replace(/-?\d+\.\d{3,}/g, (number) => String(Math.round(Number(number) * 100) / 100));

/** Vega's circle is a path of two arcs. */
const CIRCLE =
  /<path transform="translate\(([^,)]+),([^)]+)\)" d="M([\d.]+),0A\3,\3,0,1,1,-\3,0A\3,\3,0,1,1,\3,0"([^>]*?)(\/>|><title>(.*?)<\/title><\/path>)/g;
const DESCRIBED =
  /<(path|line|text) aria-label="([^"]*)" role="graphics-symbol" aria-roledescription="[^"]*"([^>]*)\/>/g;

const compact = (svg: string): string =>
  svg
    .replace(/ (transform|d|x1|x2|y1|y2)="([^"]*)"/g, (_, name: string, value: string) => ` ${name}="${round(value)}"`)
    .replace(
      /<path class="(?:fore|back)ground" aria-hidden="true" d="(?:M0,0h0v0h0Z)?"(?: pointer-events="none")?(?: display="none")?\/>/g,
      "",
    )
    .replace(/<text [^>]*opacity="0">[^<]*<\/text>/g, "")
    .replace(/ pointer-events="none"| opacity="1"/g, "")
    .replace(
      DESCRIBED,
      (_, tag: string, label: string, rest: string) => `<${tag}${rest}><title>${label}</title></${tag}>`,
    )
    .replace(CIRCLE, (_, x: string, y: string, r: string, rest: string, _end: string, title?: string) =>
      title === undefined
        ? `<circle cx="${x}" cy="${y}" r="${r}"${rest}/>`
        : `<circle cx="${x}" cy="${y}" r="${r}"${rest}><title>${title}</title></circle>`,
    )
    // The page scales it; a fixed width would overflow narrow pages.
    .replace(
      /^<svg ([^>]*?)width="([\d.]+)" height="([\d.]+)"/,
      (_, rest: string, width: string) =>
        `<svg aria-hidden="true" focusable="false" style="--width:${width}px;max-width:${width}px" ${rest}`,
    )
    .replace(' xmlns:xlink="http://www.w3.org/1999/xlink" version="1.1"', "")
    .replace(/ role="graphics-(?:object|symbol)"| aria-roledescription="[^"]*"/g, "");

/**
 * Turns lists in `sort` into domains of the scales. Vega-Lite compiles a list of n values to an expression of depth n, which
 * overflows the stack from about a thousand; a domain has the same effect at any length.
 */
const withDomains = (node: unknown): unknown => {
  if (Array.isArray(node)) return node.map(withDomains);
  if (!isObject(node)) return node;
  const { data, ...rest } = node;
  const inner = Object.fromEntries(Object.entries(rest).map(([name, member]) => [name, withDomains(member)]));
  const { sort, ...others } = inner;
  const ordered =
    Array.isArray(sort) && typeof node.field === "string"
      ? { ...others, scale: { domain: sort, ...(isObject(others.scale) && others.scale) } }
      : inner;
  return data === undefined ? ordered : { ...ordered, data };
};

export const renderChart = async (spec: Spec): Promise<Markup> => {
  const [{ compile }, { parse, View, Warn }] = await Promise.all([import("vega-lite"), import("vega")]);
  const { spec: compiled } = compile(withDomains(spec) as Spec, { config: CONFIG });
  const view = new View(parse(compiled), { renderer: "none", logLevel: Warn });
  try {
    return new Markup(compact(await view.toSVG()));
  } finally {
    view.finalize();
  }
};
