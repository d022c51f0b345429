/** Networks with memory and noise of their own, statistics of batches and dropout: an interrupted run ends at the same bytes. */
import { expect, test } from "vitest";
import { readCheckpoint } from "../../../src/storage/checkpoint.js";
import { bytesOf, differencesBetween } from "../support/folder-bytes.js";
import { RESTART } from "../support/restart-spec.js";
import { abortWhen, atStep, newFolder, refusalOf, resumeIn, runIn } from "../support/runs.js";

const layers = [
  { type: "conv2d" as const, filters: 4, kernel: 4, stride: 4 },
  "batch-norm" as const,
  {
    type: "residual" as const,
    layers: [
      { type: "conv2d" as const, filters: 4 },
      { type: "dropout" as const, rate: 0.2 },
    ],
  },
  "flatten" as const,
  { type: "dense" as const, units: 16, activation: "silu" as const },
];
const NETWORKS = [
  {
    encoder: { type: "conv" as const, filters: [4, 8], hidden: [16], normalization: "batch" as const, dropout: 0.1 },
    decoder: { type: "conv" as const },
  },
  { encoder: { type: "resnet" as const, filters: [4], hidden: [16] }, decoder: { type: "resnet" as const } },
  { encoder: { type: "layers" as const, layers }, decoder: { type: "gated-mlp" as const, hidden: [16] } },
];

test.each(NETWORKS)("$encoder.type, captured, interrupted and resumed", { timeout: 240_000 }, async (networks) => {
  const spec = {
    ...RESTART,
    capture: process.env.VAELAB_TEST_ENGINE === undefined ? ("require" as const) : ("auto" as const),
    model: { ...RESTART.model, ...networks },
    training: { ...RESTART.training, epochs: 2 },
    objective: { type: "elbo" as const },
  };
  const whole = await runIn(spec);
  const out = newFolder();
  expect((await refusalOf(runIn(spec, abortWhen(atStep(11)), out))).code).toBe("INTERRUPTED");
  await resumeIn(out);
  expect(differencesBetween(bytesOf(whole), bytesOf(out))).toEqual([]);
  const { model } = readCheckpoint(whole, "latest", (message) => expect.unreachable(message))!;
  const statistics = Object.entries(model).filter(([name]) => name.endsWith("/mean") && !name.startsWith("posterior"));
  expect(statistics.length).toBeGreaterThan(0);
  for (const [name, { data }] of statistics) expect([name, data.some((value) => value !== 0)]).toEqual([name, true]);
});
