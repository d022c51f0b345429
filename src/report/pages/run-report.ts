/** Report of one run: figures, training curves, samples. */
import { RUN_FILES } from "../../storage/layout.js";
import { byDimension } from "../charts/by-dimension.js";
import { absent, figureOf } from "../charts/chart.js";
import { latentScatter } from "../charts/latents.js";
import { LOSS_HEADING, lossCurves, OPTIMIZATION_HEADING, optimizationCurves } from "../charts/training.js";
import { readEvaluations } from "../read/evaluations.js";
import { readLatents } from "../read/latents.js";
import { readPicture, readSampleLayout } from "../read/picture.js";
import { contentOf, has } from "../read/piece.js";
import { type RunRecord, readRun } from "../read/run.js";
import { byClass, namesOfFirst } from "../sections/by-class.js";
import { evaluationsList } from "../sections/evaluations.js";
import { foldedJson } from "../sections/facts.js";
import { channelsReading, PICTURES, pictureFigure } from "../sections/pictures.js";
import { runFacts } from "../sections/run-facts.js";
import { NO_IMAGES, runSamples } from "../sections/samples.js";
import { figuresTables, figureTiles } from "../tables/figures-table.js";
import { documentOf } from "./document.js";
import { type Content, html, type Markup } from "./html.js";

const MOST_LATENTS = 2000;

const figures = ({ metrics }: RunRecord): Markup =>
  has(metrics)
    ? html`${figureTiles(metrics.value)}${figuresTables(metrics.value)}`
    : html`<p class="missing">No figures: ${metrics.missing}.</p>`;

const training = async ({ curves }: RunRecord): Promise<Content> => {
  if (!has(curves)) return absent(LOSS_HEADING, curves.missing);
  const loss = lossCurves(curves.value);
  const optimization = optimizationCurves(curves.value);
  const vectors = byDimension(curves.value);
  return [
    loss ? await figureOf(loss) : absent(LOSS_HEADING, "no loss or term was logged"),
    optimization ? await figureOf(optimization) : absent(OPTIMIZATION_HEADING, "neither was logged"),
    vectors.length > 0
      ? await Promise.all(vectors.map(figureOf))
      : absent("KL by dimension", "no KL by dimension was logged"),
  ];
};

const reconstructions = (folder: string, layout: ReturnType<typeof readSampleLayout>): Markup =>
  html`<div class="pair">${(["reconstructions", "interpolations"] as const).map((name) =>
    pictureFigure(PICTURES[name], readPicture(folder, name), channelsReading(layout)),
  )}</div>`;

const latentSpace = async ({ folder, metrics }: RunRecord): Promise<Markup> => {
  const latents = readLatents(folder, MOST_LATENTS, namesOfFirst(contentOf(metrics)?.classNames));
  const heading = "Test examples in latent space";
  if (!has(latents)) return absent(heading, latents.missing);
  const scatter = latentScatter([{ title: "", latents: latents.value }], `${heading}, by label`, 1);
  return scatter ? figureOf(scatter) : absent(heading, "the file has no finite points");
};

const laterEvaluations = (folder: string): Markup | undefined => {
  const evaluations = readEvaluations(folder);
  return evaluations.length > 0 ? evaluationsList(evaluations) : undefined;
};

const provenance = (run: RunRecord): Content => [
  html`<p>All defaults are filled in: this spec alone reproduces the run.</p>`,
  foldedJson(`Resolved spec (${RUN_FILES.resolved})`, run.resolved),
  foldedJson(`Provenance (${RUN_FILES.provenance})`, run.provenance),
];

export const runReport = async (folder: string): Promise<string> => {
  const run = readRun(folder);
  const [metrics, resolved] = [contentOf(run.metrics), contentOf(run.resolved)];
  const name = metrics?.name ?? resolved?.name;
  const description = resolved?.description;
  const layout = readSampleLayout(folder);
  const isOfImages = layout.images !== false;
  return documentOf({
    kind: "Run",
    name: typeof name === "string" ? name : "Unnamed run",
    lead:
      typeof description === "string"
        ? description
        : "One training run: its figures, its training curves and its samples.",
    facts: () => runFacts(run),
    sections: [
      { id: "figures", heading: "Figures", body: () => figures(run) },
      { id: "classes", heading: "By class", body: () => metrics && byClass(folder, metrics) },
      { id: "training", heading: "Training", body: () => training(run) },
      { id: "samples", heading: "Samples", body: () => (isOfImages ? runSamples(folder) : NO_IMAGES) },
      {
        id: "reconstructions",
        heading: "Reconstructions",
        body: () => (isOfImages ? reconstructions(folder, layout) : undefined),
      },
      { id: "latents", heading: "Latent space", body: () => latentSpace(run) },
      { id: "evaluations", heading: "Later evaluations", body: () => laterEvaluations(folder) },
      { id: "spec", heading: "Spec and provenance", body: () => provenance(run) },
    ],
  });
};
