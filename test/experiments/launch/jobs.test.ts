import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ProgressEvent, runExperiment } from "../../../src/experiments/index.js";
import { inParallel } from "../../../src/experiments/launch/trial-pool.js";
import type { ExperimentSpec } from "../../../src/spec/experiment-schema.js";
import { buildOnce } from "../../cli/command.js";

let folder = "";
beforeAll(async () => {
  buildOnce();
  folder = await mkdtemp(join(tmpdir(), "vaelab-jobs-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const spec: ExperimentSpec = {
  name: "jobs",
  data: { type: "gaussian", eigenvalues: [4, 2, 1], train: 256, validation: 100, test: 100 },
  model: { latent: 2, encoder: { type: "mlp", hidden: [8] }, likelihood: "gaussian" },
  training: { epochs: 1, batchSize: 64 },
  evaluation: { metrics: ["elbo"], refit: { epochs: 0 } },
  // More of them than processes, so that one takes a second.
  sweep: { grid: { "objective.beta": [0.5, 1, 2] }, seeds: [1] },
};

test("a sweep leaves the same figures however many trials run at once, and names those that fail", async () => {
  const events: ProgressEvent[] = [];
  const reporter = { event: (event: ProgressEvent) => void events.push(event) };
  const alone = await runExperiment({ spec, out: join(folder, "one"), threads: 1 });
  const together = await runExperiment({ spec, out: join(folder, "side-by-side"), threads: 1, jobs: 2, reporter });
  for (const name of ["metrics.json", "summary.csv", "plan.jsonl"]) {
    expect(readFileSync(join(together.folder, name), "utf8")).toBe(readFileSync(join(alone.folder, name), "utf8"));
  }
  expect(events.filter((event) => event.type === "trial" && event.state === "finished")).toHaveLength(3);

  const diverging = {
    ...spec,
    name: "diverging",
    training: { ...spec.training, optimizer: { type: "sgd", learningRate: 1e30 } },
  } as const;
  const failing = runExperiment({ spec: diverging, out: join(folder, "failing"), threads: 1, jobs: 2 });
  await expect(failing).rejects.toThrow(/3 of 3 trials failed.*training diverged at step \d+: "\w+" became/);
});

test("no more run at once than asked for, and none starts after a failure", async () => {
  let running = 0;
  let most = 0;
  const started: number[] = [];
  const work = async (item: number): Promise<void> => {
    started.push(item);
    most = Math.max(most, ++running);
    await new Promise((resolve) => setTimeout(resolve, 5));
    running--;
    if (item === 3) throw new Error("third");
  };
  await expect(inParallel([1, 2, 3, 4, 5, 6, 7], 2, work)).rejects.toThrow("third");
  expect(most).toBe(2);
  expect(started).not.toContain(7);
});
