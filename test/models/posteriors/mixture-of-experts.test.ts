import { beforeAll, expect, test } from "vitest";
import { DiagonalGaussian, Mixture } from "../../../src/distributions/index.js";
import type { Engine } from "../../../src/engine/engine.js";
import { mixtureOfExperts } from "../../../src/models/posteriors/index.js";
import { keyedNoise } from "../../../src/tensor/keyed-noise.js";
import { tf } from "../../../src/tensor/tensor.js";
import fixtures from "../../fixtures/experts.json" with { type: "json" };
import { useEngine } from "../../support/engine.js";
import { expectClose, tensorOf } from "../../support/tensors.js";
import { posteriorOf, whereNothingIsMissing } from "./experts.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

test("it has the density of the experts that are there", () => {
  const q = posteriorOf(mixtureOfExperts, true);
  expect([q.batchShape, q.eventShape]).toEqual([[5], [2]]);
  expectClose(q.logProb(tensorOf(fixtures.value)), fixtures.mixtureOfExperts);
});

test("where no field is missing, masks change nothing", () => {
  const [masked, free] = whereNothingIsMissing(mixtureOfExperts);
  for (const [i, value] of masked.entries()) expect(value).toBeCloseTo(free[i]!, 5);
});

test("of as many draws as equal components, each component gives one", () => {
  const means = tensorOf(Array.from({ length: 5 }, () => [[100], [200], [300]]));
  const q = new Mixture(tf.zeros([3]), new DiagonalGaussian(means, tf.fill([5, 3, 1], -20)), true);
  const drawn = q.sample(keyedNoise(engine.noise, tf.tensor1d([1, 2], "int32")), "z", [3]).arraySync() as number[][][];
  const orders = Array.from({ length: 5 }, (_, n) => drawn.map((row) => Math.round(row[n]![0]! / 100)));
  for (const order of orders) expect([...order].sort()).toEqual([1, 2, 3]);
  // Each example turns the components by a draw of its own.
  expect(new Set(orders.map(([first]) => first)).size).toBeGreaterThan(1);
});
