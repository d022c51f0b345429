/** Commands that need a run's model and no example: they work where the data set has moved or is gone. */
import { resolve } from "node:path";
import { type LoadedRun, type LoadRunOptions, loadRun } from "../runs/load-run.js";
import type { Scope } from "../services/services.js";
import { keepsData, needsExamples } from "../training/kept-data.js";

/**
 * Does `work` with what the run kept of its data set; with the data set itself where that asks for examples, as a plugin's prior
 * may, or where the run is older and kept nothing.
 */
export const withoutExamples = async <T>(
  options: Omit<LoadRunOptions, "reporter">,
  scope: Scope,
  work: (loaded: LoadedRun) => Promise<T>,
): Promise<T> => {
  if (!keepsData(resolve(options.run))) return work(await loadRun(options, scope));
  try {
    return await work(await loadRun({ ...options, examples: false }, scope));
  } catch (error) {
    if (!needsExamples(error)) throw error;
    return work(await loadRun(options, scope));
  }
};
