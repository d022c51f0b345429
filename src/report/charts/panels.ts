/** Small multiples of line charts, each with its own vertical scale, and one legend for all. */
import { legendAbove, scaleFor } from "./layout.js";
import type { Row } from "./marks.js";
import type { Spec } from "./render.js";

export interface Panel {
  title: string;
  rows: readonly (Row & { at: number; value: number; line: string })[];
}
export interface Lines {
  /** Categories of the colors, in legend order. */
  names: readonly string[];
  colors: readonly string[];
  /** A field with one value per line, if there are more lines than colors. */
  detail?: string;
}

/** @param along the title of the horizontal axis */
export const panelsSpec = (panels: readonly Panel[], along: string, lines: Lines, columns: number): Spec => {
  const count = Math.min(columns, panels.length);
  const width = Math.round(1110 / Math.max(count, 2)) - 56;
  return {
    columns: count,
    spacing: { row: 88, column: 56 },
    bounds: "flush",
    resolve: { scale: { color: "shared" }, legend: { color: "shared" } },
    concat: panels.map(({ title, rows }, i) => ({
      width,
      height: Math.min(200, Math.round(width * 0.66)),
      title: { text: title, limit: width },
      name: `curves_${i}`,
      data: { values: [...rows] },
      mark: { type: "line", aria: false, strokeWidth: lines.detail ? 1.1 : 1.75 },
      encoding: {
        x: {
          field: "at",
          type: "quantitative",
          title: along,
          axis: { grid: false, tickCount: 5, tickMinStep: 1, format: "~s" },
          scale: { zero: false, nice: false },
        },
        y: {
          field: "value",
          type: "quantitative",
          title: null,
          scale: scaleFor(rows.map(({ value }) => value)),
          axis: { tickCount: 5 },
        },
        color: {
          field: "line",
          type: "nominal",
          scale: { domain: [...lines.names], range: [...lines.colors] },
          legend: lines.names.length > 1 ? { ...legendAbove(lines.names, 900), symbolType: "stroke" } : null,
        },
        ...(lines.detail && { detail: { field: lines.detail, type: "nominal" as const } }),
      },
    })),
  };
};
