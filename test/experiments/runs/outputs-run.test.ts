/** A run that models images and their labels: captured, logged and reported by output, and sampled in both. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { reconstructRun, sampleRun } from "../../../src/experiments/index.js";
import type { ExperimentSpec } from "../../../src/spec/experiment-schema.js";
import { RUN_FILES, type RunMetrics } from "../../../src/storage/layout.js";
import { readNpz } from "../../../src/storage/npz.js";
import { readHistory } from "../../../src/storage/read-history.js";
import { runIn } from "../support/runs.js";

const engine = (process.env.VAELAB_TEST_ENGINE ?? "native") as "native";
const on = { engine, threads: 1 } as const;
const SPEC = {
  name: "outputs",
  data: { type: "digits", train: 256, validation: 64, test: 64 },
  ...(engine === "native" && { capture: "require" }),
  model: {
    latent: 3,
    encoder: { type: "mlp", hidden: [16] },
    outputs: { image: {}, label: { likelihood: "categorical", decoder: { type: "mlp", hidden: [8] }, weight: 5 } },
  },
  training: { epochs: 1, batchSize: 64 },
  evaluation: { metrics: ["elbo"], refit: { epochs: 0 } },
} satisfies ExperimentSpec;

let run: string;
beforeAll(async () => {
  run = await runIn(SPEC);
});

test("logs the distortion of each output, and a loss by their weights", () => {
  const { entries } = readHistory(join(run, RUN_FILES.history));
  for (const split of ["train", "validation"]) {
    const value = (name: string): number =>
      entries.find((entry) => entry.split === split && entry.name === name && entry.dimension === undefined)!.value;
    const [image, label] = [value("distortion/image"), value("distortion/label")];
    expect(value("distortion")).toBeCloseTo(image + label, 3);
    expect(value("loss")).toBeCloseTo(image + 5 * label + value("rate"), 3);
  }
});

test("measures and reports them apart", () => {
  const { measurements } = JSON.parse(readFileSync(join(run, RUN_FILES.metrics), "utf8")) as RunMetrics;
  const value = (name: string): number => measurements[name]!.value!;
  expect(value("outputDistortion.image") + value("outputDistortion.label")).toBeCloseTo(value("distortion"), 3);
  expect(measurements["squaredError.label"]).toBeUndefined();
  expect(readFileSync(join(run, RUN_FILES.report), "utf8")).toContain("distortion, label");
});

test("samples and reconstructs both fields", async () => {
  const out = join(run, "..", "rows.npz");
  await sampleRun({ run, count: 5, out, ...on });
  const sampled = readNpz(out);
  expect(sampled.image!.shape).toEqual([5, 28, 28, 1]);
  expect(sampled.label!.shape).toEqual([5]);
  expect(Array.from(sampled.label!.data, Number).every((code) => code >= 0 && code < 10)).toBe(true);
  await reconstructRun({ run, count: 4, out, ...on });
  const { image, label } = readNpz(out);
  expect([image!.shape[0], label!.shape[0]]).toEqual([8, 8]);
});
