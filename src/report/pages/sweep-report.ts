/** Report of a sweep: figures and samples of each setting. */
import { SWEEP_FILES } from "../../storage/layout.js";
import { sweptWeights } from "../../storage/sweep-header.js";
import { absent, figureOf } from "../charts/chart.js";
import { trialCurves } from "../charts/trial-curves.js";
import { joinWords, plural } from "../figures/numbers.js";
import { type Settings, settingsOf } from "../figures/settings.js";
import { contentOf, has } from "../read/piece.js";
import { readRun } from "../read/run.js";
import { readSweep, type SweepRecord } from "../read/sweep.js";
import { foldedJson } from "../sections/facts.js";
import { mainCharts, otherCharts } from "../sections/figure-charts.js";
import { NO_IMAGES } from "../sections/samples.js";
import { settingClasses } from "../sections/setting-classes.js";
import { latentsBySetting, settingSamples } from "../sections/setting-samples.js";
import { countStates, sweepFacts, unfinishedTrials } from "../sections/sweep-facts.js";
import { settingsTable } from "../tables/settings-table.js";
import { trialsTable } from "../tables/trials-table.js";
import { documentOf, type Section } from "./document.js";
import { type Content, html } from "./html.js";

/** Width of the smallest picture, in pixels. */
const SMALLEST = 240;

const figureSections = (sweep: SweepRecord, settings: Settings): Section[] => {
  const { trials } = sweep;
  const metrics = contentOf(sweep.metrics);
  const none = html`<p class="missing">${has(sweep.metrics) ? "" : `No figures yet: ${sweep.metrics.missing}.`}</p>`;
  const tradeoff = async (): Promise<Content> => [
    sweep.damage !== undefined &&
      html`<p class="missing">${sweep.damage}. The figures come from the files of the trials instead.</p>`,
    unfinishedTrials(trials, settings),
    metrics ? await mainCharts(metrics, settings) : none,
  ];
  return [
    { id: "tradeoff", heading: "Accuracy versus diversity", body: tradeoff },
    { id: "settings", heading: "By setting", body: () => (metrics ? settingsTable(metrics, settings) : none) },
    { id: "classes", heading: "By class", body: () => metrics && settingClasses(metrics, trials, settings) },
    { id: "others", heading: "Other figures", body: () => (metrics ? otherCharts(metrics, settings) : none) },
  ];
};

const sampleSections = ({ trials }: SweepRecord, settings: Settings): Section[] => {
  const samples = settingSamples(trials, settings);
  const draws = (): Content => [
    samples.pictures("priorDraws", SMALLEST),
    samples.pictures("priorMeans", SMALLEST),
    samples.exPost(SMALLEST),
  ];
  const pictures = (name: "reconstructions" | "interpolations") => (): Content =>
    samples.ofImages ? samples.pictures(name, SMALLEST) : undefined;
  return [
    { id: "samples", heading: "Samples", body: () => (samples.ofImages ? draws() : NO_IMAGES) },
    { id: "reconstructions", heading: "Reconstructions", body: pictures("reconstructions") },
    { id: "interpolations", heading: "Interpolations", body: pictures("interpolations") },
    { id: "latents", heading: "Latent space", body: () => latentsBySetting(trials, settings) },
  ];
};

const provenance = ({ header }: SweepRecord, first: string | undefined): Content => [
  foldedJson(`Sweep (${SWEEP_FILES.sweep})`, header),
  first !== undefined && [
    foldedJson("Resolved spec of the first finished trial", readRun(first).resolved),
    foldedJson("Provenance of that trial", readRun(first).provenance),
  ],
];

export const sweepReport = async (folder: string): Promise<string> => {
  const sweep = readSweep(folder);
  const { header, trials } = sweep;
  const metrics = contentOf(sweep.metrics);
  const settings = settingsOf(
    [...trials.map(({ choices }) => choices), ...(metrics?.groups ?? []).map(({ choices }) => choices)],
    has(header) ? sweptWeights(header.value) : [],
  );
  const first = trials.find(({ state, folder: own }) => state === "finished" && own !== undefined)?.folder;
  const training = (): Content | Promise<Content> => {
    const curves = trialCurves(trials, settings);
    return curves ? figureOf(curves) : absent("Loss and its terms in every trial", "no trial left a training history");
  };
  return documentOf({
    kind: "Sweep",
    name: contentOf(header)?.name ?? metrics?.name ?? "Unnamed sweep",
    lead: `${plural(settings.all.length, "setting")} of ${joinWords(settings.axes.map(({ label }) => label)) || "one model"}, ${plural(trials.length, "trial")}: ${countStates(trials)}.`,
    facts: () => sweepFacts(sweep, settings, first),
    sections: [
      ...figureSections(sweep, settings),
      ...sampleSections(sweep, settings),
      { id: "training", heading: "Training", body: training },
      { id: "trials", heading: "By trial", body: () => trialsTable(trials, metrics?.figures ?? {}, settings) },
      { id: "spec", heading: "Spec and provenance", body: () => provenance(sweep, first) },
    ],
  });
};
