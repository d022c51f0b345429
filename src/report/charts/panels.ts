/** Several small line charts of one kind beside each other, each with its own vertical scale and one legend for all. */
import type { Row } from "./marks.js";
import type { Spec } from "./render.js";

export interface Panel {
  title: string;
  /** Each with at, value and line. */
  rows: readonly Row[];
}
export interface Lines {
  /** What the colours tell apart, in the legend's order. */
  names: readonly string[];
  colors: readonly string[];
  /** One line of the chart for each of its values, where there are more lines than colours. */
  detail?: string;
}

/** @param along the title of the horizontal axis */
export const panelsSpec = (panels: readonly Panel[], along: string, lines: Lines, columns: number): Spec => {
  const count = Math.min(columns, panels.length);
  const width = Math.round(900 / Math.max(count, 2)) - 60;
  return {
    columns: count,
    spacing: 24,
    resolve: { scale: { color: "shared" }, legend: { color: "shared" } },
    concat: panels.map(({ title, rows }) => ({
      width,
      height: Math.min(200, Math.round(width * 0.66)),
      title,
      name: `curves ${title}`.replace(/[^A-Za-z0-9]+/g, "_"),
      data: { values: [...rows] },
      mark: { type: "line", aria: false, strokeWidth: lines.detail ? 1.1 : 1.75 },
      encoding: {
        x: {
          field: "at",
          type: "quantitative",
          title: along,
          axis: { grid: false, tickCount: 5 },
          scale: { zero: false, nice: false },
        },
        y: { field: "value", type: "quantitative", title: null, scale: { zero: false }, axis: { tickCount: 5 } },
        color: {
          field: "line",
          type: "nominal",
          scale: { domain: [...lines.names], range: [...lines.colors] },
          legend:
            lines.names.length > 1
              ? { title: null, orient: "top", symbolType: "stroke", symbolLimit: 40, columns: 10 }
              : null,
        },
        ...(lines.detail && { detail: { field: lines.detail, type: "nominal" as const } }),
      },
    })),
  };
};
