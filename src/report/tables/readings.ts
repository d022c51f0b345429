/** How to read the figures of a table, collapsed below it. */
import type { Column } from "../figures/columns.js";
import { html, type Markup } from "../pages/html.js";

const DIRECTIONS = {
  higher: "higher is better",
  lower: "lower is better",
  neither: "neither direction is better",
} as const;

/** Each figure once, however many sets of samples it has. */
export const readings = (columns: readonly Column[]): Markup => {
  const figures = [...new Set(columns.map(({ figure }) => figure))];
  return html`<details class="more"><summary>How to read these figures</summary><dl class="readings">${figures.map(({ title, unit, better, reading }) => html`<div><dt>${title} (${unit}; ${DIRECTIONS[better]})</dt><dd>${reading}</dd></div>`)}</dl></details>`;
};
