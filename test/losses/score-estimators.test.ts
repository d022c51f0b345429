/** Estimators that score draws: their gradients are those of enumeration in expectation, and vimco's vary less than plain scores. */
import { beforeAll, describe, expect, test } from "vitest";
import type { Engine } from "../../src/engine/engine.js";
import { elbo } from "../../src/losses/elbo.js";
import { iwae } from "../../src/losses/iwae.js";
import { miwae } from "../../src/losses/miwae.js";
import { mean, standardError } from "../../src/numerics/statistics.js";
import { loadWritten, type SetUp, setUp } from "../../src/testing/experiment.js";
import { gradientsAt } from "../../src/testing/steps.js";
import { BITS, bitDraws, logP, logQ, meanOverDraws, overData, slopesOf, type Values } from "../support/binary-model.js";
import { useEngine } from "../support/engine.js";
import { objectiveOf } from "../support/gradient-draws.js";
import { named } from "../support/schedules.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

const logMean = (weights: readonly number[]): number =>
  Math.log(weights.reduce((sum, value) => sum + Math.exp(value), 0) / weights.length);
const bound = (draws: number) => (values: Values) =>
  -overData((x) =>
    meanOverDraws(draws, x, values, (z) => logMean(z.map((each) => logP(each, x, values) - logQ(each, x, values)))),
  );
const BETA = 0.6;
const weightedElbo = (values: Values): number =>
  -overData((x) =>
    meanOverDraws(1, x, values, ([z]) => {
      const rate = logQ(z!, x, values) - logP(z!, x, values) + logLikelihood(z!, x, values);
      return logLikelihood(z!, x, values) - BETA * rate;
    }),
  );
const logLikelihood = (z: 0 | 1, x: 0 | 1, { bias, slope }: Values): number =>
  -Math.log1p(Math.exp((x === 1 ? -1 : 1) * (bias + slope * z)));
const baseline = { hidden: [3], activation: "tanh", decay: 0.8 };
const beta = named("beta", BETA);

describe("the expected gradient is that of enumeration", () => {
  test.each([
    ["vimco of 2 draws", objectiveOf(iwae, { samples: 2, estimator: "vimco" }), bound(2)],
    ["vimco of 2 groups of 3", objectiveOf(miwae, { groups: 2, samples: 3, estimator: "vimco" }), bound(3)],
    ["nvil of 3 draws", objectiveOf(iwae, { samples: 3, estimator: "nvil", baseline }), bound(3)],
    ["nvil of the ELBO", objectiveOf(elbo, { samples: 2, beta, estimator: "nvil", baseline }), weightedElbo],
  ] as const)("%s", (_, objective, exact) => {
    const found = bitDraws(engine, objective, { scalars: { beta: BETA } });
    for (const [name, slope] of Object.entries(slopesOf(exact))) {
      const gradients = found.gradients[name as keyof Values];
      expect([name, Math.abs(mean(gradients) - slope) < 4 * standardError(gradients) + 1e-6]).toEqual([name, true]);
      expect(standardError(gradients)).toBeLessThan(0.02);
    }
    expect(Math.abs(mean(found.loss) - exact(BITS))).toBeLessThan(4 * standardError(found.loss) + 1e-6);
  });
});

test("vimco varies less than the plain score function, whose variance is a sum", () => {
  const [draws, batch, repeats] = [4, 100, 60];
  const sigmoid = (a: number): number => 1 / (1 + Math.exp(-a));
  // (d ln q / d offset) = z - s(offset + gain x); the plain estimator is L times the sum of these, and dL.
  const plain = overData((x) => {
    const probability = sigmoid(BITS.offset + BITS.gain * x);
    const gradient = (z: readonly (0 | 1)[]): number => {
      const logWeights = z.map((each) => logP(each, x, BITS) - logQ(each, x, BITS));
      const total = logWeights.reduce((sum, value) => sum + Math.exp(value), 0);
      const scores = z.map((each) => each - probability);
      const direct = scores.reduce((sum, score, k) => sum - (Math.exp(logWeights[k]!) / total) * score, 0);
      return logMean(logWeights) * scores.reduce((sum, score) => sum + score, 0) + direct;
    };
    const average = meanOverDraws(draws, x, BITS, gradient);
    return meanOverDraws(draws, x, BITS, (z) => (gradient(z) - average) ** 2);
  });
  const found = bitDraws(engine, objectiveOf(iwae, { samples: draws, estimator: "vimco" }), { batch, repeats });
  const variance = repeats * standardError(found.gradients.offset) ** 2;
  // Of 60 repeats the variance is off by less than a factor of 2.
  expect(variance).toBeLessThan(plain / batch / 4);
});

const category = { shape: [2], posterior: "categorical", prior: "categorical" };
const repeated = (made: SetUp, times: number) => {
  const atOneBatch = { ...made, inputsAt: (step: number) => made.inputsAt(0, step) };
  return Array.from({ length: times }, (_, step) => gradientsAt(engine, atOneBatch, step));
};
/** Every parameter's gradient, summed over its elements by waves that no symmetry cancels, agrees in expectation. */
const agree = (found: ReturnType<typeof repeated>, expected: ReturnType<typeof repeated>): void => {
  for (const name of Object.keys(expected[0]!)) {
    const projected = (each: (typeof found)[number]): number =>
      Array.from(each[name]?.data ?? []).reduce((total, value, i) => total + value * Math.sin(i + 1), 0);
    const differences = found.map((each, i) => projected(each) - projected(expected[i % expected.length]!));
    expect([name, Math.abs(mean(differences)) < 4.5 * standardError(differences) + 1e-5]).toEqual([name, true]);
  }
};

test("nvil of a drawn category beside one that is summed over is unbiased, by summing over both", async () => {
  const model = (enumerate: boolean) => ({
    latents: {
      y: { ...category, enumerate: true },
      z: { ...category, inferredFrom: ["x", "y"], generatedFrom: ["y"], enumerate },
    },
  });
  const elboOf = (fields: object) => ({ type: "elbo", freeBits: { nats: 0.01, per: "latent" }, ...fields });
  const exact = await setUp(await loadWritten({ model: model(true), objective: elboOf({}) }));
  const drawn = await setUp(
    await loadWritten({ model: model(false), objective: elboOf({ estimator: "nvil", samples: 4 }) }),
  );
  agree(repeated(drawn, 40), repeated(exact, 1));
});

test.each([
  ["before", { y: { ...category, enumerate: true }, z: { size: 2, inferredFrom: ["x", "y"] } }],
  ["beside", { z: { size: 2 }, y: { ...category, enumerate: true } }],
  ["after", { z: { size: 2 }, y: { ...category, enumerate: true, inferredFrom: ["z"] } }],
])("vimco of a Gaussian with a category %s it agrees with pathwise", async (_, latents) => {
  const [scored, followed] = await Promise.all(
    ["vimco", "pathwise"].map(async (estimator) =>
      setUp(await loadWritten({ model: { latents }, objective: { type: "iwae", samples: 3, estimator } })),
    ),
  );
  agree(repeated(scored!, 30), repeated(followed!, 30));
});

test.each([
  [
    { type: "iwae", estimator: "vimco", samples: 1 },
    {},
    'the estimator "vimco" holds each draw against the others, and "samples" is 1',
  ],
  [{ type: "miwae", estimator: "vimco", baseline: {} }, {}, 'the estimator "vimco" has no "baseline"'],
  [{ type: "elbo", estimator: "nvil" }, { posterior: "flow" }, "nvil needs ln q at a draw that has no gradient"],
  [{ type: "ciwae", estimator: "vimco" }, {}, "vimco"],
  [
    { type: "iwae", estimator: "vimco" },
    { latents: { z: { size: 2, posterior: "bernoulli-concrete", prior: "bernoulli" } } },
    'the objective "iwae" scores draws of "z", and in training those of the posterior "bernoulli-concrete" are no draws',
  ],
])("%j with %j is refused", async (objective, model, message) => {
  await expect(loadWritten({ model, objective })).rejects.toThrow(message);
});
