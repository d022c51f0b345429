/** A comparison as one self-contained page. */
import type { Interval } from "../../numerics/statistics.js";
import { absent, figureOf } from "../charts/chart.js";
import type { Column } from "../figures/columns.js";
import { joinWords, plural } from "../figures/numbers.js";
import { documentOf } from "../pages/document.js";
import { html, type Markup } from "../pages/html.js";
import { type Fact, factList } from "../sections/facts.js";
import { readings } from "../tables/readings.js";
import { sortableHead } from "../tables/settings-table.js";
import { differenceText, isDecided, pairsOf, spreadMeaning, valueText, verdict } from "./cells.js";
import { differencesChart } from "./chart.js";
import type { Comparison } from "./compare.js";

const specTable = ({ spec, subjects }: Comparison): Markup =>
  spec.length === 0
    ? html`<p class="missing">The resolved specs are identical.</p>`
    : html`<p class="reading">Differences between the resolved specs. A sweep lists every value of its trials. Names and descriptions are omitted.</p>
<div class="scroll" tabindex="0" role="region" aria-label="Spec differences"><table>
<thead><tr><th scope="col">path</th>${subjects.map(({ label }) => html`<th scope="col">${label}</th>`)}</tr></thead>
<tbody>${spec.map(({ path, values }) => html`<tr><th scope="row"><code>${path}</code></th>${values.map((value) => html`<td>${value}</td>`)}</tr>`)}</tbody></table></div>`;

const differenceCell = (difference: Interval | null, column: Column): Markup => {
  const text = differenceText(difference, column.unit);
  const judged = verdict(difference, column);
  return html`<td class="number" data-value="${difference?.mean ?? ""}">${isDecided(difference) ? html`<strong>${text}</strong>` : text}${judged && html` <span class="spread">${judged}</span>`}</td>`;
};

const figureTable = (comparison: Comparison): Markup => {
  const { subjects, settings, method } = comparison;
  const [first, ...others] = subjects.map(({ label }) => label);
  const bySetting = settings.length > 1;
  const rows = settings.flatMap(({ setting, figures }) => figures.map((figure) => ({ setting, figure })));
  const row = ({ setting, figure }: (typeof rows)[number]): Markup => {
    const { column, values, differences } = figure;
    return html`<tr>${bySetting && html`<td class="choice">${setting}</td>`}<td class="choice">${column.title}</td><td>${column.unit}</td>${values.map(
      (value) => html`<td class="number" data-value="${value?.value ?? ""}">${valueText(value, column.unit)}</td>`,
    )}${differences.map((difference) => differenceCell(difference, column))}<td class="number" data-value="${differences[0]?.n ?? ""}">${pairsOf(figure)}</td></tr>`;
  };
  return html`<p class="reading">${spreadMeaning(comparison)}; ${method}. Differences whose interval excludes 0 are bold, and called better or worse if one direction of the figure is better.</p>
<div class="scroll" tabindex="0" role="region" aria-label="Figures side by side"><table class="sortable">
<thead><tr>${bySetting && sortableHead("setting", "", false)}${sortableHead("figure", "", false)}${sortableHead("unit", "", false)}${subjects.map(({ label }) => sortableHead(label, "", true))}${others.map((other) => sortableHead(`${other} - ${first}`, "", true))}${sortableHead("pairs", "", true)}</tr></thead>
<tbody>${rows.map(row)}</tbody></table></div>${readings(rows.map(({ figure }) => figure.column))}`;
};

export const comparisonPage = async (comparison: Comparison): Promise<string> => {
  const { subjects, kind, notPaired } = comparison;
  const labels = subjects.map(({ label }) => label);
  const facts = subjects.map(
    ({ label, trials }): Fact => [label, kind === "sweep" ? plural(trials, "trial") : "a run"],
  );
  const apart =
    notPaired.length > 0 &&
    html`<div class="missing">Not paired:<ul>${notPaired.map((reason) => html`<li>${reason}.</li>`)}</ul></div>`;
  return documentOf({
    kind: "Comparison",
    name: labels.join(" / "),
    lead: `${plural(subjects.length, kind)} side by side: ${joinWords(labels)}.`,
    facts: () => factList(facts),
    sections: [
      { id: "spec", heading: "Spec differences", body: () => specTable(comparison) },
      {
        id: "differences",
        heading: "Differences",
        body: async () => {
          const chart = differencesChart(comparison);
          return [
            apart,
            chart ? await figureOf(chart) : absent("Differences with intervals", "nothing could be paired"),
          ];
        },
      },
      { id: "figures", heading: "Figures", body: () => figureTable(comparison) },
    ],
  });
};
