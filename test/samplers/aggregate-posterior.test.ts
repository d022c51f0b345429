/** Draws and densities against the mixture of Gaussians that the posteriors of known examples are. */
import { beforeAll, expect, test } from "vitest";
import type { Engine } from "../../src/engine/engine.js";
import { exPost } from "../../src/experiments/evaluation/sampler-sets.js";
import { pointsOf } from "../../src/numerics/points.js";
import { momentsOf } from "../../src/numerics/principal-components.js";
import { aggregatePosterior } from "../../src/samplers/aggregate-posterior.js";
import { build } from "../support/components.js";
import { useEngine } from "../support/engine.js";
import { twoGaussiansModel } from "../support/two-gaussians-model.js";
import { trainedOn } from "../support/unit-gaussian-model.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

const rows = Array.from({ length: 150 }, (_, i) => [(i - 75) / 20, Math.sin(i)]);
/** q(z | x) = N((0.5 x_1, 2 x_2), diag(0.3, 0.2)). */
const model = twoGaussiansModel({ slope: [0.5], variance: 0.3 }, { slope: [2], variance: 0.2 });
const sampler = (anchors: number) => ({ name: "own", sampler: build(aggregatePosterior, { anchors }, {}) });

const logNormal = (x: number, mean: number, variance: number): number =>
  -(Math.log(2 * Math.PI * variance) + (x - mean) ** 2 / variance) / 2;
const densityAt = ([a, b]: readonly number[]): number => {
  const terms = rows.map(([x, y]) => Math.exp(logNormal(a!, 0.5 * x!, 0.3) + logNormal(b!, 2 * y!, 0.2)));
  return Math.log(terms.reduce((sum, term) => sum + term, 0) / rows.length);
};

test("the density is that of the mixture of all posteriors, of several latents together", async () => {
  const density = await exPost(trainedOn(engine, model, rows), sampler(1000)).density("test");
  if (typeof density === "string") throw new Error(density);
  const codes = [
    [0, 0],
    [1.5, -2],
    [-2, 3],
  ];
  const scores = await density(pointsOf(Float32Array.from(codes.flat()), 2), Int32Array.of(0, 1, 2));
  for (const [i, code] of codes.entries()) expect(scores[i]).toBeCloseTo(densityAt(code), 4);
});

test("draws have the moments of the mixture", async () => {
  const decoded = await exPost(trainedOn(engine, model, rows), sampler(1000)).draw(4000);
  if (typeof decoded === "string" || typeof decoded.means === "string") throw new Error("there are no means");
  const found = momentsOf(decoded.means.values, 2);
  const own = momentsOf(Float32Array.from(rows.flat()), 2);
  expect(Math.abs(found.mean[0]! - own.mean[0]! / 2)).toBeLessThan(0.08);
  expect(Math.abs(found.covariance.get(0, 0) - (own.covariance.get(0, 0) / 4 + 0.3))).toBeLessThan(0.1);
  expect(Math.abs(found.covariance.get(1, 1) - (own.covariance.get(1, 1) * 4 + 0.2))).toBeLessThan(0.2);
});

test("of one anchor draws from its posterior alone", async () => {
  const decoded = await exPost(trainedOn(engine, model, rows), sampler(1)).draw(2000);
  if (typeof decoded === "string" || typeof decoded.means === "string") throw new Error("there are no means");
  const { covariance } = momentsOf(decoded.means.values, 2);
  expect(Math.abs(covariance.get(0, 0) - 0.3)).toBeLessThan(0.05);
  expect(Math.abs(covariance.get(1, 1) - 0.2)).toBeLessThan(0.04);
});
