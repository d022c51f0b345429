/** The facts at the head of a run's report: its state, seed, duration, steps, what was scored, and where it comes from. */
import { earlyStopText } from "../../storage/status.js";
import { formatDuration } from "../figures/numbers.js";
import { html, type Markup } from "../pages/html.js";
import { contentOf, has } from "../read/piece.js";
import type { RunRecord } from "../read/run.js";
import { type Fact, factList, provenanceFacts } from "./facts.js";

const stateOf = ({ status, metrics }: RunRecord): Markup => {
  if (!has(status)) return html`<span class="bad">unknown</span>: ${status.missing}`;
  const { state, reason, step, totalSteps } = status.value;
  const early = earlyStopText(status.value);
  // A run writes its report before its status says that it has finished.
  if (state === "running" && has(metrics) && (early !== undefined || step === totalSteps))
    return html`trained and evaluated${early && `; ${early}`}`;
  return html`<span class="${state === "finished" ? "" : "bad"}">${state}</span>${reason && html`: ${reason}`}${early && html`; ${early}`}${step < totalSteps && html` (step ${step} of ${totalSteps})`}`;
};

export const runFacts = (run: RunRecord): Markup => {
  const [status, metrics] = [contentOf(run.status), contentOf(run.metrics)];
  const seed = metrics?.seed ?? contentOf(run.resolved)?.seed;
  const duration = status && formatDuration(status.startedAt, status.updatedAt);
  const facts: (Fact | undefined)[] = [
    ["state", stateOf(run)],
    ["seed", seed === undefined ? "unknown" : JSON.stringify(seed)],
    duration
      ? ["duration", `${duration}${status.attempt > 1 ? `, from the first start, in ${status.attempt} attempts` : ""}`]
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
