/** What a run scores, in the folder that it leaves. */
import { join } from "node:path";
import { expect, test } from "vitest";
import type { ExperimentSpec } from "../../../src/spec/experiment-schema.js";
import { readJson } from "../../../src/storage/json.js";
import { RUN_FILES, type RunMetrics } from "../../../src/storage/layout.js";
import { runIn } from "../support/runs.js";

/** Vectors without labels need no feature extractor to be trained. */
const SPEC = {
  name: "samplers",
  data: { type: "gaussian", dimensions: 3, train: 200, validation: 50, test: 100 },
  model: {
    latent: 2,
    encoder: { type: "mlp", hidden: [8] },
    decoder: { type: "mlp", hidden: [8] },
    likelihood: "gaussian",
  },
  training: { epochs: 1, batchSize: 50 },
  evaluation: {
    metrics: [{ type: "kernel-distance", count: 80 }],
    samplers: [
      { type: "gaussian-mixture", components: 1 },
      { type: "gaussian-mixture", components: 6 },
      { type: "gaussian-mixture", components: 2 },
    ],
    refit: { epochs: 0 },
  },
} satisfies ExperimentSpec;

test("samplers of one type are numbered, and each is scored apart", async () => {
  const folder = await runIn(SPEC);
  const { measurements } = readJson(join(folder, RUN_FILES.metrics)) as RunMetrics;
  const sets = ["", "/gaussian-mixture", "/gaussian-mixture-2", "/gaussian-mixture-3"];
  expect(Object.keys(measurements).sort()).toEqual(
    sets.flatMap((set) => [`kernelDistance${set}`, `kernelDistance${set}/means`]).sort(),
  );
  const values = sets.map((set) => measurements[`kernelDistance${set}`]!.value);
  expect(new Set(values).size).toBe(sets.length);
});
