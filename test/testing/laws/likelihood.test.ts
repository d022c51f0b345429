/** A likelihood that breaks a law is told so. */
import { expect, test } from "vitest";
import type { Distribution } from "../../../src/contracts/distribution.js";
import { DiagonalGaussian } from "../../../src/distributions/diagonal-gaussian.js";
import { DiscretizedLogistic } from "../../../src/distributions/discretized-logistic.js";
import { defineLikelihood } from "../../../src/spec/define.js";
import { type Tensor, tf } from "../../../src/tensor/tensor.js";
import { likelihoodLaws } from "../../../src/testing/laws/likelihood.js";
import { useEngine } from "../../support/engine.js";
import { failuresOf } from "../failures.js";

const engine = await useEngine();

const likelihood = (at: (mean: Tensor, rank: number) => Distribution, taken = ["real"]) =>
  defineLikelihood({
    schema: {
      type: "object",
      title: "own",
      required: ["type"],
      additionalProperties: false,
      properties: { type: { const: "own" } },
    },
    capabilities: () => ["density"],
    refuses: (_, field) =>
      taken.includes(field.support) && !field.columns ? undefined : "only real numbers: use bernoulli",
    create: (_, { field }) => ({ outputs: field.shape, at: (mean) => at(mean, field.shape.length) }),
  });
const gaussian = (mean: Tensor, rank: number): DiagonalGaussian => new DiagonalGaussian(mean, tf.zerosLike(mean), rank);

test("a right one passes every law", async () => {
  const laws = likelihoodLaws(engine, likelihood(gaussian));
  expect(laws.map(({ name }) => name)).toEqual([
    "likelihood/own: takes some data",
    "likelihood/own: parameters [S, B, ...] become a distribution of a vector of real values",
    "likelihood/own: parameters [S, B, ...] become a distribution of an image of real values",
    "likelihood/own: 1 of real values: the mass is 1, and draws are what it says",
    "likelihood/own: 2 of real values: the mass is 1, and draws are what it says",
  ]);
  expect(await failuresOf(laws)).toEqual([]);
});

test("gray levels between 0 and 1 have probabilities, not a density", async () => {
  const levels = likelihood((mean, rank) => new DiscretizedLogistic(mean, tf.fill(mean.shape, -2), rank), ["unit"]);
  expect(await failuresOf(likelihoodLaws(engine, levels), /: 1 of /)).toEqual([]);
});

test("one that forgets to sum its event axes fails with both shapes", async () => {
  const unsummed = (mean: Tensor) => new DiagonalGaussian(mean, tf.zerosLike(mean), 1);
  expect((await failuresOf(likelihoodLaws(engine, likelihood(unsummed)), /an image/)).join()).toContain(
    "its batch has the shape [2, 5, 5, 4], expected [2, 5]",
  );
});

test("one whose draws are wider than its density fails", async () => {
  const wide = (mean: Tensor, rank: number): Distribution => {
    const p = gaussian(mean, rank);
    const own = p.sample.bind(p);
    return Object.assign(p, { sample: (...args: Parameters<typeof own>) => tf.mul(1.2, own(...args)) });
  };
  expect((await failuresOf(likelihoodLaws(engine, likelihood(wide)), /1 of real/)).join()).toMatch(/over 40000 draws/);
});

test("one that takes no data fails", async () => {
  expect(await failuresOf(likelihoodLaws(engine, likelihood(gaussian, [])))).toEqual([
    "likelihood/own: takes some data  `refuses` gives a reason for fields of every support, expected one that it takes",
  ]);
});
