/** What a run of a table tells its report: what the classes of the label are called, and that there is nothing to draw. */
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import type { ExperimentSpec } from "../../../src/spec/experiment-schema.js";
import { FORMAT } from "../../../src/storage/format.js";
import { RUN_FILES, type RunMetrics, SAMPLE_FILES } from "../../../src/storage/layout.js";
import { newFolder, runIn } from "../support/runs.js";

test("the classes of its label have their names, in the order of their numbers; no image is laid out", async () => {
  const out = newFolder();
  const file = join(dirname(out), "table.csv");
  const rows = Array.from({ length: 60 }, (_, i) => `${i % 7},${(i * i) % 5},${["wren", "auk", "owl"][i % 3]}`);
  writeFileSync(file, ["u,v,bird", ...rows].join("\n"));
  const spec: ExperimentSpec = {
    name: "birds",
    data: { type: "csv", file, label: "bird" },
    model: { latent: 1, encoder: { type: "mlp", hidden: [] }, decoder: "mlp", likelihood: "gaussian" },
    objective: { type: "elbo", beta: 1 },
    training: { epochs: 1, batchSize: 16 },
    evaluation: { metrics: ["elbo"], refit: { epochs: 0 } },
  };
  await runIn(spec, {}, out);
  const layout = readFileSync(join(out, RUN_FILES.samples, SAMPLE_FILES.layout), "utf8");
  expect(JSON.parse(layout)).toEqual({
    format: FORMAT,
    samplers: [],
    images: false,
    codes: { split: "test", checkpoint: expect.stringMatching(/^[0-9a-f]{64}$/) },
  });
  const { classNames } = JSON.parse(readFileSync(join(out, RUN_FILES.metrics), "utf8")) as RunMetrics;
  expect(classNames).toEqual({ label: ["auk", "owl", "wren"] });
});
