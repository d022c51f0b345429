/**
 * Trials, one after another, in a process of their own, for TensorFlow is not safe in several threads of one. The parent says what
 * to run; it is told of every event and of the end. Signals are the parent's business; where it lets go of this process or dies,
 * this process ends, and the folder of a run that was under way is as after any kill.
 */

import type { EngineChoice } from "../../engine/engine.js";
import { loadEngine } from "../../engine/load.js";
import { type ErrorCode, type Problem, VaelabError } from "../../errors.js";
import { loadExperimentValue } from "../../registry/experiment.js";
import { loadOptions } from "../runs/load-options.js";
import type { ProgressEvent } from "../runs/reporter.js";
import { performRun } from "../runs/run.js";

export interface TrialRequest {
  /** Resolved, without a sweep. */
  spec: unknown;
  written: unknown;
  specFolder: string;
  diff: boolean;
  folder: string;
  engine: EngineChoice;
  threads: number;
}
export type ToTrial = { type: "run"; request: TrialRequest } | { type: "abort" };
export type FromTrial =
  | { type: "event"; event: ProgressEvent }
  | { type: "done" }
  | { type: "failed"; code: ErrorCode; problems: readonly Problem[] };

const send = (message: FromTrial): Promise<void> => new Promise((resolve) => process.send?.(message, () => resolve()));

const runTrial = async (
  { spec, written, specFolder, diff, folder, engine: choice, threads }: TrialRequest,
  signal: AbortSignal,
): Promise<void> => {
  const experiment = await loadExperimentValue(spec, { ...loadOptions(), folder: specFolder });
  const engine = await loadEngine(choice, { threads });
  const reporter = { event: (event: ProgressEvent) => void send({ type: "event", event }) };
  if (engine.why) reporter.event({ type: "warning", message: engine.why });
  await performRun({
    spec: experiment.spec,
    written,
    catalogue: experiment.catalogue,
    specFolder,
    diff,
    folder,
    engine,
    reporter,
    signal,
  });
};

const failure = (error: unknown): FromTrial =>
  error instanceof VaelabError
    ? { type: "failed", code: error.code, problems: error.problems }
    : {
        type: "failed",
        code: "INTERNAL",
        problems: [{ message: error instanceof Error ? (error.stack ?? error.message) : String(error) }],
      };

/** Serves requests until the parent lets go. */
export const serveTrials = (): void => {
  let running: AbortController | undefined;
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, () => {});
  // A full disk under the log that stderr goes to is no reason to stop.
  process.stderr.on("error", () => {});
  process.on("disconnect", () => process.exit(running ? 1 : 0));
  process.on("message", async (message: ToTrial) => {
    if (message.type === "abort") {
      running?.abort();
      return;
    }
    running = new AbortController();
    const outcome = await runTrial(message.request, running.signal).then((): FromTrial => ({ type: "done" }), failure);
    running = undefined;
    await send(outcome);
  });
};
