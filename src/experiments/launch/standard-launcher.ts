/** Runs the trials of a sweep one at a time in this process, or in parallel in other processes, with the same bytes. */
import type { ServiceName } from "../../registry/plugins/services.js";
import { performRun } from "../runs/run.js";
import type { Launcher } from "../services/services.js";
import { trackRun } from "../services/tracker.js";
import { startEngine } from "./start-engine.js";
import { trialPool } from "./trial-pool.js";

/** One thread per trial, because two processes with one thread each are faster than one process with two. */
const TRIAL_THREADS = 1;
/**
 * Services that each process has separately. Reporter and tracker receive messages from other processes, and services of
 * plugins are bound there too.
 */
const LOCAL: readonly ServiceName[] = ["engine", "catalogue", "cache", "clock"];

export const standardLauncher: Launcher = async (experiment, options) => {
  const { folder: specFolder, place, plugins, scope } = experiment;
  const { engine = "auto", threads = TRIAL_THREADS, jobs = 1, diff = false, signal } = options;
  const local = LOCAL.filter((name) => scope.rebound.has(name));
  if (jobs > 1 && local.length === 0) {
    const pool = trialPool();
    return {
      jobs,
      runTrial: async ({ spec, written }, folder, onEvent) => {
        const { tell, settled } = trackRun(scope.tracker, folder, (message) => onEvent({ type: "warning", message }));
        try {
          const request = { spec, written, specFolder, place, diff, plugins, folder, engine, threads };
          await pool.run(request, { onEvent, onTracked: tell, signal });
        } finally {
          await settled();
        }
      },
      close: pool.close,
    };
  }
  if (jobs > 1)
    scope.reporter.event({
      type: "warning",
      message: `trials run one at a time, because the program's own ${local.join(" and ")} exists only in this process`,
    });
  const loaded = await startEngine({ engine, threads }, scope);
  return {
    jobs: 1,
    runTrial: ({ spec, written }, folder, onEvent) =>
      performRun({
        experiment: { ...experiment, scope: scope.child({ reporter: { event: onEvent } }) },
        spec,
        written,
        diff,
        folder,
        engine: loaded,
        ...(signal && { signal }),
      }),
    close: () => {},
  };
};
