/** The second VAE with linear networks against the density of correlated Gaussian codes, which it can be exactly. */
import { beforeAll, expect, test } from "vitest";
import type { LearnedSampler } from "../../src/contracts/sampler.js";
import type { Engine } from "../../src/engine/engine.js";
import { momentsOf } from "../../src/numerics/principal-components.js";
import { stream } from "../../src/numerics/streams.js";
import { twoStage } from "../../src/samplers/two-stage.js";
import { useEngine } from "../support/engine.js";
import { correlatedCodes, fastRunner, trainedOnCodes } from "../support/samplers.js";

let engine: Engine;
let learned: LearnedSampler;

const codes = correlatedCodes();
const linear = {
  hidden: [],
  epochs: 60,
  optimizer: { type: "adam", learningRate: { type: "constant", value: 0.03 } },
};
beforeAll(async () => {
  engine = await useEngine();
  learned = await trainedOnCodes(twoStage, linear, { codes, runner: fastRunner(engine) });
});

const { mean, covariance } = momentsOf(codes.values, 2);
const determinant = covariance.get(0, 0) * covariance.get(1, 1) - covariance.get(0, 1) ** 2;
/** ln N(z; m, S), m and S the moments of the codes. */
const logDensity = (row: number): number => {
  const [x, y] = [codes.values[2 * row]! - mean[0]!, codes.values[2 * row + 1]! - mean[1]!];
  const distance =
    (covariance.get(1, 1) * x * x - 2 * covariance.get(0, 1) * x * y + covariance.get(0, 0) * y * y) / determinant;
  return -Math.log(2 * Math.PI) - (Math.log(determinant) + distance) / 2;
};

test("of correlated Gaussian codes estimates their density", async () => {
  const scores = await learned.logProb!(codes);
  const errors = Array.from(scores, (score, row) => score - logDensity(row));
  expect(Math.abs(errors.reduce((sum, error) => sum + error, 0) / codes.n)).toBeLessThan(0.02);
  expect(Math.sqrt(errors.reduce((sum, error) => sum + error ** 2, 0) / codes.n)).toBeLessThan(0.15);
});

test("draws with the moments of the codes", async () => {
  const { values } = await learned.sample(4000, stream(3, "draws"));
  const found = momentsOf(values, 2);
  for (const i of [0, 1]) {
    expect(Math.abs(found.mean[i]! - mean[i]!)).toBeLessThan(0.15);
    for (const j of [0, 1]) expect(Math.abs(found.covariance.get(i, j) - covariance.get(i, j))).toBeLessThan(0.4);
  }
});
