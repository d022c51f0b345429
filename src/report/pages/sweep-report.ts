/** The report of a sweep: where each setting stands, and what each one makes. */
import { SWEEP_FILES } from "../../storage/layout.js";
import { absent, figureOf } from "../charts/chart.js";
import { trialCurves } from "../charts/trial-curves.js";
import { joinWords, plural } from "../figures/numbers.js";
import { describeChoice, type Settings, settingsOf } from "../figures/settings.js";
import { contentOf, has } from "../read/piece.js";
import { readRun } from "../read/run.js";
import { readSweep, type SweepRecord, type TrialRecord } from "../read/sweep.js";
import { type Fact, factList, foldedJson, provenanceFacts } from "../sections/facts.js";
import { mainCharts, otherCharts } from "../sections/figure-charts.js";
import { NO_IMAGES } from "../sections/samples.js";
import { settingClasses } from "../sections/setting-classes.js";
import { settingSamples } from "../sections/setting-samples.js";
import { settingsTable } from "../tables/settings-table.js";
import { trialsTable } from "../tables/trials-table.js";
import { documentOf, type Section } from "./document.js";
import { html, type Markup } from "./html.js";

const countStates = (trials: readonly TrialRecord[]): string => {
  const states = [...new Set(trials.map(({ state }) => state))];
  return joinWords(states.map((state) => `${trials.filter((trial) => trial.state === state).length} ${state}`));
};

/** Every trial that is not in the figures, with the reason, before any chart that lacks it. */
const unfinished = (trials: readonly TrialRecord[], settings: Settings): Markup | null => {
  const lost = trials.filter(({ state, measurements }) => state !== "finished" || measurements === undefined);
  if (lost.length === 0) return null;
  const lines = lost
    .slice(0, 20)
    .map(
      ({ choices, seed, state, reason }) =>
        html`<li>${settings.of(choices)?.label}, seed ${seed}: <span class="bad">${state}</span>${reason ? `: ${reason}` : ""}</li>`,
    );
  return html`<div class="missing">${plural(lost.length, "trial")} of ${trials.length} ${lost.length === 1 ? "is" : "are"} not in the figures:<ul>${lines}</ul>${lost.length > 20 && `and ${lost.length - 20} more, in the table by trial.`}</div>`;
};

const factsOf = ({ header, metrics, trials }: SweepRecord, settings: Settings, first: string | undefined): Markup => {
  const seeds = [...new Set(trials.map(({ seed }) => seed))].sort((a, b) => a - b);
  const axes = settings.axes.map(({ path, values }): Fact => [path, values.map(describeChoice).join(", ")]);
  const run = first === undefined ? undefined : readRun(first);
  return factList([
    ["trials", countStates(trials) || "none"],
    ["seeds", seeds.join(", ")],
    ...axes,
    has(metrics) ? ["interval", metrics.value.interval] : undefined,
    has(header) ? undefined : ["sweep", header.missing],
    ...(run ? provenanceFacts(run.provenance) : []),
  ]);
};

export const sweepReport = async (folder: string): Promise<string> => {
  const sweep = readSweep(folder);
  const { header, trials } = sweep;
  const metrics = contentOf(sweep.metrics);
  const settings = settingsOf([
    ...trials.map(({ choices }) => choices),
    ...(metrics?.groups ?? []).map(({ choices }) => choices),
  ]);
  const samples = settingSamples(trials, settings);
  const first = trials.find(({ state, folder: own }) => state === "finished" && own !== undefined)?.folder;
  const none = has(sweep.metrics) ? "" : `No figures yet: ${sweep.metrics.missing}.`;
  const curves = trialCurves(trials, settings);
  const classes = metrics && settingClasses(metrics, trials, settings);
  const sections: Section[] = [
    {
      id: "tradeoff",
      heading: "Accuracy against diversity",
      body: [
        sweep.damage !== undefined &&
          html`<p class="missing">${sweep.damage}. The figures are those of the trials' own files.</p>`,
        unfinished(trials, settings),
        metrics ? await mainCharts(metrics, settings) : html`<p class="missing">${none}</p>`,
      ],
    },
    {
      id: "settings",
      heading: "By setting",
      body: metrics ? settingsTable(metrics, settings) : html`<p class="missing">${none}</p>`,
    },
    ...(classes ? [{ id: "classes", heading: "By class", body: classes }] : []),
    {
      id: "others",
      heading: "Other figures",
      body: metrics ? await otherCharts(metrics, settings) : html`<p class="missing">${none}</p>`,
    },
    {
      id: "samples",
      heading: "Samples",
      body: samples.ofImages
        ? [samples.pictures("priorDraws", 240), samples.pictures("priorMeans", 240), samples.exPost(240)]
        : NO_IMAGES,
    },
    ...(samples.ofImages
      ? [
          { id: "reconstructions", heading: "Reconstructions", body: samples.pictures("reconstructions", 240) },
          { id: "interpolations", heading: "Interpolations", body: samples.pictures("interpolations", 240) },
        ]
      : []),
    { id: "latents", heading: "Latent space", body: await samples.latents() },
    {
      id: "training",
      heading: "Training",
      body: curves ? await figureOf(curves) : absent("Curves of all trials", "no trial left a log"),
    },
    { id: "trials", heading: "By trial", body: trialsTable(trials, metrics?.figures ?? {}, settings) },
    {
      id: "spec",
      heading: "Spec and provenance",
      body: [
        foldedJson(`The sweep (${SWEEP_FILES.sweep})`, header),
        ...(first === undefined
          ? []
          : [
              foldedJson("The resolved spec of the first trial that finished", readRun(first).resolved),
              foldedJson("Its provenance", readRun(first).provenance),
            ]),
      ],
    },
  ];
  return documentOf({
    kind: "Sweep",
    name: contentOf(header)?.name ?? metrics?.name ?? "A sweep without a name",
    lead: `${plural(settings.all.length, "setting")} of ${joinWords(settings.axes.map(({ label }) => label)) || "one model"}, ${plural(trials.length, "trial")}: ${countStates(trials)}.`,
    facts: factsOf(sweep, settings, first),
    sections,
  });
};
