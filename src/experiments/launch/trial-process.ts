/**
 * Process that runs trials one after another; separate processes are needed because TensorFlow is not safe in several threads
 * of one. The parent sends requests and receives all events and the end. The parent handles signals; if it disconnects or
 * dies, this process ends, and an active run is left like a killed one.
 */

import { loadExperimentValue } from "../../registry/experiment.js";
import { asVaelabError } from "../../tensor/fault.js";
import { chosenHost } from "../plugins/hosts.js";
import { loadOptions } from "../runs/load-options.js";
import { silent } from "../runs/reporter.js";
import { performRun } from "../runs/run.js";
import { scoped } from "../services/scoped-experiment.js";
import { standardScope } from "../services/standard.js";
import { startEngine } from "./start-engine.js";
import type { FromTrial, ToTrial, TrialRequest } from "./trial-messages.js";

const send = (message: FromTrial): Promise<void> => new Promise((resolve) => process.send?.(message, () => resolve()));

const runTrial = async (
  { spec, written, specFolder, place, diff, plugins, folder, engine: choice, threads }: TrialRequest,
  signal: AbortSignal,
): Promise<void> => {
  const outer = standardScope().child({
    reporter: { event: (event) => void send({ type: "event", event }) },
    tracker: { event: (event) => void send({ type: "tracked", event }) },
  });
  // The sweep has already announced them.
  const host = chosenHost(plugins, silent, "Put it back as it was when the sweep was started, or start another.");
  const loaded = await loadExperimentValue(spec, {
    ...loadOptions({}, outer.catalogue, host),
    folder: specFolder,
    saved: { data: place },
  });
  const experiment = scoped(loaded, outer, true);
  const engine = await startEngine({ engine: choice, threads }, experiment.scope);
  await performRun({ experiment, spec: loaded.spec, written, diff, folder, engine, signal });
};

const failure = (error: unknown): FromTrial => {
  if (process.env.VAELAB_DEBUG && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  const { code, problems } = asVaelabError(error);
  return { type: "failed", code, problems };
};

/** Serves requests until the parent disconnects. */
export const serveTrials = (): void => {
  let running: AbortController | undefined;
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, () => {});
  // A full disk under a redirected stderr does not stop the trial.
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
