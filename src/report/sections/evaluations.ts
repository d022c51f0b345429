/** List of later evaluations by `vaelab evaluate`, each with its collapsed figures. */
import type { RunMetrics } from "../../storage/layout.js";
import { columnsOf, isLeading, isOfClass } from "../figures/columns.js";
import { joinWords, plural } from "../figures/numbers.js";
import { valueText } from "../figures/values.js";
import { html, type Markup } from "../pages/html.js";
import type { EvaluationRecord } from "../read/evaluations.js";
import { has } from "../read/piece.js";
import { figuresTables } from "../tables/figures-table.js";

const FIRST = 4;

/** The leading figures, or the first few if none is leading. */
const atAGlance = ({ measurements, figures }: RunMetrics): string => {
  const columns = columnsOf([measurements], figures).filter((column) => !isOfClass(column));
  const leading = columns.filter(isLeading);
  const chosen = (leading.length > 0 ? leading : columns).slice(0, FIRST);
  const said = chosen.map(({ name, title, unit }) => {
    const found = measurements[name]!;
    return `${title} ${valueText(found)}${found.value === null ? "" : ` ${unit}`}`;
  });
  const more = columns.length - chosen.length;
  return more > 0 ? `${said.join(", ")}, and ${more} more` : joinWords(said);
};

export const evaluationsList = (evaluations: readonly EvaluationRecord[]): Markup =>
  html`<p class="reading">${plural(evaluations.length, "evaluation")} of this run's weights after it had finished. The figures above are those of the run itself.</p>
<ul class="evaluations">${evaluations.map(({ place, metrics }) => {
    if (!has(metrics))
      return html`<li><code>${place}</code> <span class="missing">Not shown: ${metrics.missing}.</span></li>`;
    const { split, checkpoint } = metrics.value;
    return html`<li><details><summary><code>${place}</code>: ${split} split, ${checkpoint.which} checkpoint, step ${checkpoint.step}. ${atAGlance(metrics.value)}.</summary>${figuresTables(metrics.value)}</details></li>`;
  })}</ul>`;
