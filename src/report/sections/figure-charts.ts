/** Which charts a sweep's figures give: the plane, the likelihood by both encoders, and one for every other figure. */
import type { SweepMetrics } from "../../storage/layout.js";
import { absent, type Chart, figureOf } from "../charts/chart.js";
import { fidelityDiversity } from "../charts/fidelity-diversity.js";
import { type FigureChart, figureBySetting } from "../charts/figure-by-setting.js";
import { rateDistortion } from "../charts/rate-distortion.js";
import { classOf, figureTitle, isDistortion, isNll, isRate, nllEncoder, setTitle } from "../figures/names.js";
import { capitalized } from "../figures/numbers.js";
import { byFigure, CEILING, controlsOf, controlTitle, sayControls } from "../figures/sample-sets.js";
import type { Settings } from "../figures/settings.js";
import { html, type Markup } from "../pages/html.js";
import { figureNamesOf, unitsOf } from "../tables/rows.js";

const axisName = ({ primary, axes }: Settings): string =>
  primary?.label ?? (axes.map(({ label }) => label).join(", ") || "setting");
/** One line for each encoder; two figures through the same one are one line. */
const nllChart = (metrics: SweepMetrics, settings: Settings): Chart | undefined => {
  const byEncoder = new Map<string, string>();
  for (const name of figureNamesOf(metrics).filter(isNll)) {
    const note = metrics.points.map(({ figures }) => figures[name]?.note).find((text) => text !== undefined);
    const encoder = nllEncoder(name, note);
    if (!byEncoder.has(encoder)) byEncoder.set(encoder, name);
  }
  const figures = [...byEncoder].map(([label, name]) => ({ label, name })).sort((a, b) => (a.label < b.label ? -1 : 1));
  const refitted = byEncoder.has("refitted encoder");
  return figureBySetting(metrics, settings, {
    heading: `Negative log-likelihood by ${axisName(settings)}${figures.length > 1 ? ", through both encoders" : ""}`,
    reading: refitted
      ? "Lower is better. Compare by the encoder refitted at beta 1 against the frozen model; the gap to the training encoder is the proposal's, not the model's"
      : "Lower is better. Through the training encoder alone, a poor proposal unless beta is 1: settings should not be ranked by it",
    axisTitle: "NLL, nats an example",
    figures,
    size: { width: 520, height: 300 },
  });
};

const READINGS: Readonly<Record<string, string>> = {
  elbo: "Higher is better. At beta 1 whatever the training's beta was, through the training encoder",
  squaredError: "Lower is a better reconstruction; it says nothing of samples",
  activeUnits: "How many dimensions the encoder uses",
  effectiveSampleSize: "How many of the k draws count: below 10 the NLL is an upper bound only",
  precision: "The share of samples that lie among data, in features: fidelity. Higher is better",
  recall: "The share of data that lie among samples, in features: diversity. Higher is better",
  density: "How crowded samples are among data: 1 where both are alike, more where samples are over-smooth",
  coverage: "The share of data that have a sample near them: diversity. Higher is better",
  vendiScore: "How many different samples there are, in effect; it grows with n, and noise has much of it",
  frechetDistance:
    "Lower is better. Between Gaussians fitted to features of samples and of data; no FID, which takes other features",
  kernelDistance: "Lower is better. Between features of samples and of data; 0 on average where both are alike",
  msSsim: "Mean similarity of random pairs of samples: above that of training examples, samples are too much alike",
  nearestTrainingDistance:
    "How far samples are from the nearest training example: far below that of held-out data, they are copies",
  effectiveSampleSizeTrainingEncoder: "How many of the k draws count: below 10 the NLL is an upper bound only",
};
/** One figure, a line for each set of samples that has it, with the controls beside it. */
const small = (
  figure: string,
  of: readonly { name: string; set: string }[],
  metrics: SweepMetrics,
  settings: Settings,
): FigureChart => {
  const unit = unitsOf(metrics).get(of[0]!.name) ?? "";
  const controls = controlsOf(metrics, figure);
  const ceiling = controls.find(({ set }) => set === CEILING);
  return {
    heading: `${capitalized(figureTitle(figure))} by ${axisName(settings)}`,
    reading: READINGS[figure] ?? capitalized(figureTitle(figure)),
    aside: sayControls(controls),
    axisTitle: unit,
    figures: of.map(({ name, set }) => ({ name, label: of.length > 1 ? setTitle(set) : "" })),
    ...(ceiling && { level: { value: ceiling.value, label: controlTitle(CEILING) } }),
    size: { width: 360, height: 220 },
  };
};

const NONE = "no trial that finished has these figures";
const NO_SAMPLES =
  "No trial has figures of samples, fidelity against diversity. Metrics such as precision-recall and density-coverage give them: add them to evaluation.metrics";

export const mainCharts = async (metrics: SweepMetrics, settings: Settings): Promise<Markup> => {
  const [plane, nll] = [rateDistortion(metrics, settings), nllChart(metrics, settings)];
  const planes = await Promise.all(fidelityDiversity(metrics, settings).map(figureOf));
  return html`<div class="pair">${plane ? await figureOf(plane) : absent("The rate-distortion plane", NONE)}${nll ? await figureOf(nll) : absent("Negative log-likelihood", NONE)}${planes}</div>${planes.length === 0 && html`<p class="missing">${NO_SAMPLES}.</p>`}`;
};

export const otherCharts = async (metrics: SweepMetrics, settings: Settings): Promise<Markup> => {
  const names = figureNamesOf(metrics).filter(
    (name) => !isRate(name) && !isDistortion(name) && !isNll(name) && !classOf(name),
  );
  const drawn = await Promise.all(
    [...byFigure(names)].map(([figure, of]) => {
      const chart = figureBySetting(metrics, settings, small(figure, of, metrics, settings));
      return chart ? figureOf(chart) : absent(capitalized(figureTitle(figure)), NONE);
    }),
  );
  return drawn.length > 0
    ? html`<div class="trio">${drawn}</div>`
    : html`<p class="missing">There are no other figures.</p>`;
};
