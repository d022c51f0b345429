/** Head of a sweep's report: trials by state, seeds, swept values, and the trials missing from the figures. */
import { joinWords, plural } from "../figures/numbers.js";
import { describeChoice, type Settings } from "../figures/settings.js";
import { html, type Markup } from "../pages/html.js";
import { has } from "../read/piece.js";
import { readRun } from "../read/run.js";
import type { SweepRecord, TrialRecord } from "../read/sweep.js";
import { type Fact, factList, provenanceFacts } from "./facts.js";

export const countStates = (trials: readonly TrialRecord[]): string => {
  const states = [...new Set(trials.map(({ state }) => state))];
  return joinWords(states.map((state) => `${trials.filter((trial) => trial.state === state).length} ${state}`));
};

/** All trials missing from the figures, with the reason, before any chart. */
export const unfinishedTrials = (trials: readonly TrialRecord[], settings: Settings): Markup | null => {
  const lost = trials.filter(({ state, measurements }) => state !== "finished" || measurements === undefined);
  if (lost.length === 0) return null;
  const lines = lost
    .slice(0, 20)
    .map(
      ({ choices, seed, state, reason }) =>
        html`<li>${settings.of(choices)?.label}, seed ${seed}: <span class="bad">${state}</span>${reason ? `: ${reason}` : ""}</li>`,
    );
  return html`<div class="missing">${lost.length} of ${plural(trials.length, "trial")} ${lost.length === 1 ? "is" : "are"} missing from the figures:<ul>${lines}</ul>${lost.length > 20 && `and ${lost.length - 20} more, listed in the table by trial.`}</div>`;
};

export const sweepFacts = (
  { header, metrics, trials }: SweepRecord,
  settings: Settings,
  first: string | undefined,
): Markup => {
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
