/** The list of what was scored after the run, by `vaelab evaluate`: each with its figures folded beneath it. */
import type { RunMetrics } from "../../storage/layout.js";
import { classOf, drawable, figureTitle, isLeading, isUpperBound, orderedNames } from "../figures/names.js";
import { formatFigure, joinWords, plural } from "../figures/numbers.js";
import { html, type Markup } from "../pages/html.js";
import type { EvaluationRecord } from "../read/evaluations.js";
import { has } from "../read/piece.js";
import { figuresTables } from "../tables/figures-table.js";

const FIRST = 4;

/** The leading figures, or the first that there are. */
const atAGlance = ({ figures }: RunMetrics): string => {
  const names = orderedNames([figures]).filter((name) => !classOf(name));
  const chosen = (names.some(isLeading) ? names.filter(isLeading) : names).slice(0, FIRST);
  const said = chosen.map((name) => {
    const figure = figures[name];
    const value = drawable(figure)
      ? `${isUpperBound(figure) ? "≤ " : ""}${formatFigure(figure.value, figure.unit)} ${figure.unit}`
      : "null";
    return `${figureTitle(name)} ${value}`;
  });
  const more = names.length - chosen.length;
  return more > 0 ? `${said.join(", ")}, and ${more} more` : joinWords(said);
};

export const evaluationsList = (evaluations: readonly EvaluationRecord[]): Markup =>
  html`<p class="reading">${plural(evaluations.length, "evaluation")} of this run's weights, made after it: what the run says of itself, above, is none of them.</p>
<ul class="evaluations">${evaluations.map(({ place, metrics }) => {
    if (!has(metrics))
      return html`<li><code>${place}</code> <span class="missing">Not shown: ${metrics.missing}.</span></li>`;
    const { split, checkpoint, figures, controls } = metrics.value;
    return html`<li><details><summary><code>${place}</code>: ${split} split, ${checkpoint.which} checkpoint, step ${checkpoint.step}. ${atAGlance(metrics.value)}.</summary>${figuresTables(figures, controls)}</details></li>`;
  })}</ul>`;
