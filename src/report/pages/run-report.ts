/** The report of one run: where it stands, how it was trained, what it makes. */
import { RUN_FILES } from "../../storage/layout.js";
import { earlyStopText } from "../../storage/status.js";
import { absent, type Chart, figureOf } from "../charts/chart.js";
import { klByDimension } from "../charts/kl-by-dimension.js";
import { latentScatter } from "../charts/latents.js";
import { lossCurves, trainingCurves } from "../charts/training.js";
import { formatDuration } from "../figures/numbers.js";
import type { Curves } from "../read/curves.js";
import { readEvaluations } from "../read/evaluations.js";
import { readLatents } from "../read/latents.js";
import { readPicture, readSampleLayout } from "../read/picture.js";
import { contentOf, has, type Piece } from "../read/piece.js";
import { type RunRecord, readRun } from "../read/run.js";
import { byClass, namesOfFirst } from "../sections/by-class.js";
import { evaluationsList } from "../sections/evaluations.js";
import { type Fact, factList, foldedJson, provenanceFacts } from "../sections/facts.js";
import { channelsReading, PICTURES, pictureFigure } from "../sections/pictures.js";
import { NO_IMAGES, runSamples } from "../sections/samples.js";
import { figuresTables, figureTiles } from "../tables/figures-table.js";
import { documentOf } from "./document.js";
import { html, type Markup } from "./html.js";

const MOST_LATENTS = 2000;

const drawn = async (
  heading: string,
  curves: Piece<Curves>,
  of: (curves: Curves) => Chart | undefined,
  none: string,
): Promise<Markup> => {
  if (!has(curves)) return absent(heading, curves.missing);
  const chart = of(curves.value);
  return chart ? figureOf(chart) : absent(heading, none);
};

const stateOf = ({ status, metrics }: RunRecord): Markup => {
  if (!has(status)) return html`<span class="bad">unknown</span>: ${status.missing}`;
  const { state, reason, step, totalSteps } = status.value;
  const early = earlyStopText(status.value);
  // A run's own report is the last thing that it writes before it is called finished.
  if (state === "running" && has(metrics) && (early !== undefined || step === totalSteps))
    return html`trained and evaluated${early && `; ${early}`}`;
  return html`<span class="${state === "finished" ? "" : "bad"}">${state}</span>${reason && html`: ${reason}`}${early && html`; ${early}`}${step < totalSteps && html` (step ${step} of ${totalSteps})`}`;
};

const factsOf = (run: RunRecord): Markup => {
  const [status, metrics] = [contentOf(run.status), contentOf(run.metrics)];
  const seed = metrics?.seed ?? contentOf(run.resolved)?.seed;
  const duration = status && formatDuration(status.startedAt, status.updatedAt);
  const facts: (Fact | undefined)[] = [
    ["state", stateOf(run)],
    ["seed", seed === undefined ? "unknown" : String(seed)],
    duration
      ? [
          "duration",
          `${duration}${status.attempt > 1 ? `, from its first start, over ${status.attempt} attempts` : ""}`,
        ]
      : undefined,
    status && ["steps", `${status.step} of ${status.totalSteps}`],
    metrics && [
      "scored",
      `${metrics.split} split, ${metrics.checkpoint.which} checkpoint, step ${metrics.checkpoint.step}`,
    ],
    ...provenanceFacts(run.provenance),
  ];
  return factList(facts);
};

export const runReport = async (folder: string): Promise<string> => {
  const run = readRun(folder);
  const resolved = contentOf(run.resolved);
  const name = contentOf(run.metrics)?.name ?? resolved?.name;
  const latents = readLatents(folder, MOST_LATENTS, namesOfFirst(contentOf(run.metrics)?.classNames));
  const scatter = has(latents)
    ? latentScatter([{ title: "", latents: latents.value }], "Where the test examples lie in latent space, by label", 1)
    : undefined;
  const description = resolved?.description;
  const classes = has(run.metrics) ? byClass(folder, run.metrics.value) : undefined;
  const evaluations = readEvaluations(folder);
  const layout = readSampleLayout(folder);
  const isOfImages = layout.images !== false;
  return documentOf({
    kind: "Run",
    name: typeof name === "string" ? name : "A run without a name",
    lead:
      typeof description === "string"
        ? description
        : "One training run: where its model stands between accuracy and diversity, how it got there, and what it makes.",
    facts: factsOf(run),
    sections: [
      {
        id: "figures",
        heading: "Figures",
        body: has(run.metrics)
          ? html`${figureTiles(run.metrics.value)}${figuresTables(run.metrics.value)}`
          : html`<p class="missing">No figures: ${run.metrics.missing}.</p>`,
      },
      ...(classes ? [{ id: "classes", heading: "By class", body: classes }] : []),
      {
        id: "training",
        heading: "Training",
        body: [
          await drawn(
            "The loss and its terms over training",
            run.curves,
            lossCurves,
            "the log has no loss, distortion or rate",
          ),
          await drawn(
            "Gradient norm and what the schedules fed",
            run.curves,
            trainingCurves,
            "the log has nothing but the terms",
          ),
          await drawn(
            "How much each latent dimension carries",
            run.curves,
            klByDimension,
            "the log has no KL by dimension",
          ),
        ],
      },
      { id: "samples", heading: "Samples", body: isOfImages ? runSamples(folder) : NO_IMAGES },
      ...(isOfImages
        ? [
            {
              id: "reconstructions",
              heading: "Reconstructions",
              body: html`<div class="pair">${pictureFigure(PICTURES.reconstructions, readPicture(folder, "reconstructions"), channelsReading(layout))}${pictureFigure(PICTURES.interpolations, readPicture(folder, "interpolations"), channelsReading(layout))}</div>`,
            },
          ]
        : []),
      {
        id: "latents",
        heading: "Latent space",
        body: scatter
          ? await figureOf(scatter)
          : absent(
              "Where the test examples lie in latent space",
              has(latents) ? "the file holds no finite point" : latents.missing,
            ),
      },
      ...(evaluations.length > 0
        ? [{ id: "evaluations", heading: "Later evaluations", body: evaluationsList(evaluations) }]
        : []),
      {
        id: "spec",
        heading: "Spec and provenance",
        body: [
          html`<p>Every default is filled in: this file alone repeats the run.</p>`,
          foldedJson(`The resolved spec (${RUN_FILES.resolved})`, run.resolved),
          foldedJson(`Provenance (${RUN_FILES.provenance})`, run.provenance),
        ],
      },
    ],
  });
};
