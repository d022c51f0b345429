import { beforeAll, expect, test } from "vitest";
import type { Engine } from "../../src/engine/engine.js";
import { iwae } from "../../src/losses/iwae.js";
import { partitionOf, tvo } from "../../src/losses/tvo.js";
import { mean, standardError } from "../../src/numerics/statistics.js";
import { loadWritten, setUp } from "../../src/testing/experiment.js";
import { assertLearns } from "../../src/testing/laws/step.js";
import { assertCapturedLikeEager } from "../../src/testing/steps.js";
import { useEngine } from "../support/engine.js";
import { drawsOf, exact, FEW, logMarginalOf, MANY, objectiveOf, ROUGH } from "../support/scaled-gaussian-model.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

test("the points of the sum are even in their logarithm", () => {
  expect(partitionOf(1, 0.1)).toEqual([0, 1]);
  expect(partitionOf(2, 0.1)).toEqual([0, 0.1, 1]);
  for (const [k, b] of [0, 0.01, 0.1, 1].entries()) expect(partitionOf(3, 0.01)[k]).toBeCloseTo(b, 12);
});

test("one partition is the ELBO, with its gradient", () => {
  const samples = 20;
  const found = drawsOf(engine, objectiveOf(tvo, { partitions: 1, samples }), ROUGH, MANY);
  const elbo = drawsOf(engine, objectiveOf(iwae, { samples: 1 }), ROUGH, MANY);
  const agree = (a: readonly number[], b: readonly number[], factor = 1): void =>
    expect(Math.abs(mean(a) - factor * mean(b))).toBeLessThan(4 * Math.hypot(standardError(a), standardError(b)));
  agree(found.loss, elbo.loss);
  agree(found.gradients.loading, elbo.gradients.loading);
  // A covariance of S draws with weights 1 / S is too small by 1 / S.
  agree(found.gradients.slope, elbo.gradients.slope, 1 - 1 / samples);
  agree(found.gradients.logVariance, elbo.gradients.logVariance, 1 - 1 / samples);
});

test("rises with the partitions, and stays below ln p(x); at the posterior it is ln p(x)", () => {
  const bounds = [1, 2, 5, 20].map((partitions) => {
    const { loss } = drawsOf(engine, objectiveOf(tvo, { partitions, samples: 50, first: 0.05 }), ROUGH, MANY);
    return -mean(loss);
  });
  expect([...bounds].sort((a, b) => a - b)).toEqual(bounds);
  expect(bounds[3]).toBeLessThan(logMarginalOf(1.5, ROUGH));
  for (const loss of drawsOf(engine, objectiveOf(tvo, { samples: 4 }), exact(1.2), FEW).loss)
    expect(loss).toBeCloseTo(-logMarginalOf(1.5, exact(1.2)), 5);
});

test("trains a mixture that is summed over, captured as eagerly", async () => {
  const y = { shape: [3], posterior: "categorical", prior: "categorical", enumerate: true };
  const latents = { y, z: { size: 2, inferredFrom: ["x", "y"], generatedFrom: ["y"] } };
  const objective = { type: "tvo", samples: 3 };
  const made = await setUp(await loadWritten({ model: { latents, generatedFrom: ["z"] }, objective }));
  assertLearns(engine, made);
  assertCapturedLikeEager(engine, made, 2);
});

test("is refused where only draws are scored with their gradient", async () => {
  await expect(loadWritten({ model: { posterior: "flow" }, objective: { type: "tvo" } })).rejects.toThrow(
    "tvo scores draws without their gradient",
  );
});
