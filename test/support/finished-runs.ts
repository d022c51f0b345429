/** Runs as a user would start them, in a folder that is removed afterwards, and what each trial left. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { HostTensors } from "../../src/contracts/program.js";
import { runExperiment } from "../../src/experiments/index.js";
import { newestAttempt } from "../../src/experiments/sweeps/attempts.js";
import type { ExperimentSpec, ResolvedSpec } from "../../src/spec/experiment-schema.js";
import { readCheckpoint } from "../../src/storage/checkpoint.js";
import { readJson } from "../../src/storage/json.js";
import { type HistoryEntry, RUN_FILES, type RunMetrics } from "../../src/storage/layout.js";
import { readNpz } from "../../src/storage/npz.js";
import { readPlan } from "../../src/storage/plan-file.js";
import { readHistory } from "../../src/storage/read-history.js";
import { useEngine } from "./engine.js";

export interface FinishedRun {
  spec: ResolvedSpec;
  metrics: RunMetrics;
  /** Of the checkpoint that was scored. */
  parameters: HostTensors;
  history: readonly HistoryEntry[];
  /** By example of the split that was scored. */
  perExample: Readonly<Record<string, readonly number[]>>;
}

const readRun = (folder: string): FinishedRun => {
  const spec = readJson(join(folder, RUN_FILES.resolved)) as ResolvedSpec;
  const metrics = readJson(join(folder, RUN_FILES.metrics)) as RunMetrics;
  const refuse = (message: string): never => {
    throw new Error(message);
  };
  const arrays = readNpz(join(folder, RUN_FILES.perExample));
  return {
    spec,
    metrics,
    parameters: readCheckpoint(folder, metrics.checkpoint.step, refuse).model,
    history: readHistory(join(folder, RUN_FILES.history)).entries,
    perExample: Object.fromEntries(Object.entries(arrays).map(([name, { data }]) => [name, Array.from(data, Number)])),
  };
};

/** Captured where the engine captures: the run fails if a step cannot be. @returns every trial, in the order of the plan. */
export const runSweep = async (spec: string | ExperimentSpec, set: string[] = []): Promise<FinishedRun[]> => {
  const { name, threads } = await useEngine();
  const parent = mkdtempSync(join(tmpdir(), "vaelab-sweep-"));
  try {
    const capture = name === "native" ? ["capture=require"] : [];
    const out = join(parent, "sweep");
    const { folder } = await runExperiment({ spec, set: [...capture, ...set], out, engine: name, threads });
    return readPlan(folder).map(({ id }) => {
      const attempt = newestAttempt(folder, id);
      if (!attempt) throw new Error(`the trial ${id} was never started`);
      return readRun(attempt.folder);
    });
  } finally {
    rmSync(parent, { recursive: true, force: true });
  }
};
