/** Trains the first trial of a spec for a few seconds in a temporary folder, to measure the time of a training step. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { VaelabError } from "../errors.js";
import type { RunOptions } from "../experiments/index.js";

/** The first steps load, trace and warm caches, so they are not timed. */
const WARM_UP_STEPS = 10;
const SECONDS = 3;

export const secondsPerStep = async (
  options: Pick<RunOptions, "spec" | "set" | "add" | "engine" | "threads">,
): Promise<number | undefined> => {
  const { runExperiment } = await import("../experiments/index.js");
  const folder = mkdtempSync(join(tmpdir(), "vaelab-plan-"));
  const controller = new AbortController();
  let first: { done: number; at: number } | undefined;
  let last: { done: number; at: number } | undefined;
  try {
    await runExperiment({
      ...options,
      out: join(folder, "run"),
      signal: controller.signal,
      reporter: {
        event: (event) => {
          if (event.type === "progress" && event.name === "training") {
            const now = { done: event.done, at: performance.now() / 1000 };
            if (!first && event.done > Math.min(WARM_UP_STEPS, event.total / 2)) first = now;
            last = now;
            if (first && now.at - first.at > SECONDS) controller.abort();
          } else if (last && event.type === "phase") controller.abort();
        },
      },
    });
  } catch (error) {
    if (!(error instanceof VaelabError) || error.code !== "INTERRUPTED") throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return first && last && last.done > first.done ? (last.at - first.at) / (last.done - first.done) : undefined;
};
