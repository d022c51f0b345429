/** The flow against the density of a Gaussian, which a linear autoregressive flow can be exactly. */
import { beforeAll, expect, test } from "vitest";
import type { ProgramRunner } from "../../src/contracts/program.js";
import type { LearnedSampler } from "../../src/contracts/sampler.js";
import { capturedRunner } from "../../src/engine/capture/runner.js";
import { eagerRunner } from "../../src/engine/eager.js";
import type { Engine } from "../../src/engine/engine.js";
import { pointsOf } from "../../src/numerics/points.js";
import { momentsOf } from "../../src/numerics/principal-components.js";
import { stream } from "../../src/numerics/streams.js";
import { flow } from "../../src/samplers/flow.js";
import { useEngine } from "../support/engine.js";
import { correlatedCodes, fastRunner, trainedOnCodes } from "../support/samplers.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

const codes = correlatedCodes();
const learn = (runner: ProgramRunner, written: Readonly<Record<string, unknown>>): Promise<LearnedSampler> =>
  trainedOnCodes(flow, written, { codes, runner });

const linear = {
  layers: [{ type: "maf", hidden: [] }],
  epochs: 40,
  optimizer: { type: "adam", learningRate: { type: "constant", value: 0.03 } },
};

let once: Promise<LearnedSampler> | undefined;
const learnedLinear = (): Promise<LearnedSampler> => (once ??= learn(fastRunner(engine), linear));

test("of correlated Gaussian codes has their moments and their density", async () => {
  const learned = await learnedLinear();
  const drawn = await learned.sample(4000, stream(3, "draws"));
  const [own, found] = [codes, drawn].map(({ values }) => momentsOf(values, 2));
  for (const i of [0, 1]) {
    expect(Math.abs(found!.mean[i]! - own!.mean[i]!)).toBeLessThan(0.15);
    for (const j of [0, 1]) expect(Math.abs(found!.covariance.get(i, j) - own!.covariance.get(i, j))).toBeLessThan(0.3);
  }
  // The mean log-likelihood at the maximum is -1/2 (D ln 2 pi + ln det S + D).
  const { covariance } = own!;
  const determinant = covariance.get(0, 0) * covariance.get(1, 1) - covariance.get(0, 1) ** 2;
  const best = -(2 * Math.log(2 * Math.PI) + Math.log(determinant) + 2) / 2;
  const scores = await learned.logProb!(codes);
  const reached = scores.reduce((sum, value) => sum + value, 0) / codes.n;
  // Scales that depend on other dimensions fit the sample a little better than a Gaussian.
  expect(reached).toBeLessThan(best + 0.01);
  expect(reached).toBeGreaterThan(best - 0.01);
  expect(learned.note).toContain(`${reached.toFixed(3)} nats`);
});

test("at a temperature it draws and scores a narrower base", async () => {
  const learned = await learn(fastRunner(engine), { ...linear, temperature: 0.5 });
  const plain = await learnedLinear();
  const { covariance } = momentsOf((await learned.sample(4000, stream(3, "draws"))).values, 2);
  expect(Math.abs(covariance.get(0, 0) / 4 - 0.25)).toBeLessThan(0.03);
  const center = pointsOf(Float32Array.from(momentsOf(codes.values, 2).mean), 2);
  const [cold, warm] = [await learned.logProb!(center), await plain.logProb!(center)];
  expect(cold[0]! - warm[0]!).toBeCloseTo(2 * Math.log(2), 1);
});

test("trains as a graph as it does eagerly", async ({ skip }) => {
  skip(engine.name !== "native", "graphs are native");
  const brief = { ...linear, epochs: 1 };
  const [captured, eager] = [
    await learn(capturedRunner(engine, { mode: "require" }), brief),
    await learn(eagerRunner(engine.noise), brief),
  ];
  const [a, b] = [await captured.sample(600, stream(3, "d")), await eager.sample(600, stream(3, "d"))];
  for (const [i, value] of b.values.entries()) expect(a.values[i]).toBeCloseTo(value, 3);
});
