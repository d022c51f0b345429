/** Which charts a sweep's figures give: the plane, the likelihood by both encoders, and one for every other figure. */
import type { SweepTradeoff } from "../../core/run-folder/layout.js";
import { absent, type Chart, figureOf } from "../charts/chart.js";
import { type FigureChart, figureBySetting } from "../charts/figure-by-setting.js";
import { rateDistortion } from "../charts/rate-distortion.js";
import { figureTitle, isDistortion, isNll, isRate, nllEncoder } from "../figure-names.js";
import { html, type Markup } from "../html.js";
import type { Settings } from "../settings.js";
import { figureNamesOf, unitsOf } from "../tables/rows.js";

const axisName = ({ primary, axes }: Settings): string =>
  primary?.label ?? (axes.map(({ label }) => label).join(", ") || "setting");
const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** One line for each encoder; two figures through the same one are one line. */
const nllChart = (tradeoff: SweepTradeoff, settings: Settings): Chart | undefined => {
  const byEncoder = new Map<string, string>();
  for (const name of figureNamesOf(tradeoff).filter(isNll)) {
    const note = tradeoff.points.map(({ figures }) => figures[name]?.note).find((text) => text !== undefined);
    const encoder = nllEncoder(name, note);
    if (!byEncoder.has(encoder)) byEncoder.set(encoder, name);
  }
  const figures = [...byEncoder].map(([label, name]) => ({ label, name })).sort((a, b) => (a.label < b.label ? -1 : 1));
  const refitted = byEncoder.has("refitted encoder");
  return figureBySetting(tradeoff, settings, {
    heading: `Negative log-likelihood by ${axisName(settings)}${figures.length > 1 ? ", through both encoders" : ""}`,
    reading: refitted
      ? "Lower is better. Compare by the encoder refitted at beta 1 against the frozen model; the gap to the training encoder is the proposal's, not the model's"
      : "Lower is better. Through the training encoder alone, a poor proposal unless beta is 1: settings should not be ranked by it",
    axisTitle: "NLL, nats an example",
    figures,
    size: { width: 600, height: 320 },
  });
};

const READINGS: Readonly<Record<string, string>> = {
  elbo: "Higher is better. At beta 1 whatever the training's beta was, through the training encoder",
  squaredError: "Lower is a better reconstruction; it says nothing of samples",
  activeUnits: "How many dimensions the encoder uses",
  effectiveSampleSize: "How many of the k draws count: below 10 the NLL is an upper bound only",
  effectiveSampleSizeTrainingEncoder: "How many of the k draws count: below 10 the NLL is an upper bound only",
};
const small = (name: string, unit: string, settings: Settings): FigureChart => ({
  heading: `${capitalised(figureTitle(name))} by ${axisName(settings)}`,
  reading: READINGS[name] ?? capitalised(figureTitle(name)),
  axisTitle: unit,
  figures: [{ name, label: "" }],
  size: { width: 360, height: 220 },
});

const NONE = "no trial that finished has these figures";

export const mainCharts = async (tradeoff: SweepTradeoff, settings: Settings): Promise<Markup> => {
  const [plane, nll] = [rateDistortion(tradeoff, settings), nllChart(tradeoff, settings)];
  return html`<div class="pair">${plane ? await figureOf(plane) : absent("The rate-distortion plane", NONE)}${nll ? await figureOf(nll) : absent("Negative log-likelihood", NONE)}</div>`;
};

export const otherCharts = async (tradeoff: SweepTradeoff, settings: Settings): Promise<Markup> => {
  const units = unitsOf(tradeoff);
  const names = figureNamesOf(tradeoff).filter((name) => !isRate(name) && !isDistortion(name) && !isNll(name));
  const charts = names.map(
    (name) => figureBySetting(tradeoff, settings, small(name, units.get(name) ?? "", settings)) ?? figureTitle(name),
  );
  const drawn = await Promise.all(
    charts.map((chart) => (typeof chart === "string" ? absent(capitalised(chart), NONE) : figureOf(chart))),
  );
  return drawn.length > 0
    ? html`<div class="trio">${drawn}</div>`
    : html`<p class="missing">There are no other figures.</p>`;
};
