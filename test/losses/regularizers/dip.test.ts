/** The penalties on moments that are given, against NumPy's. */
import { beforeAll, expect, test } from "vitest";
import type { Model } from "../../../src/contracts/model.js";
import { DiagonalGaussian } from "../../../src/distributions/diagonal-gaussian.js";
import type { Engine } from "../../../src/engine/engine.js";
import { inferredFrom, makeSite } from "../../../src/inference/site.js";
import { dipI } from "../../../src/losses/regularizers/dip-i.js";
import { dipIi } from "../../../src/losses/regularizers/dip-ii.js";
import { tf } from "../../../src/tensor/tensor.js";
import oracle from "../../fixtures/regularizers.json" with { type: "json" };
import { useEngine } from "../../support/engine.js";
import { figuresAt, penaltyAt } from "../../support/penalty.js";
import { expectGradient, tensorOf } from "../../support/tensors.js";
import { unitGaussianModel } from "../../support/unit-gaussian-model.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

const { mean, variance, dipI: first, dipII: second } = oracle.covariances;
const slope = [1, 1, 1];
/** q(z | x) = N(x, variance of the dimension). */
const model: Model = {
  ...unitGaussianModel({ slope, variance: 1 }),
  infer: ({ fields: { x } }, { noise, samples }) => {
    const q = new DiagonalGaussian(x!, tf.log(tf.tensor1d(variance)));
    const p = new DiagonalGaussian(tf.zeros([3]), tf.zeros([3]));
    return inferredFrom([makeSite({ name: "z", q, p, noise, samples })], samples);
  },
};
const PENALTIES = [
  ["dip-i", dipI, first],
  ["dip-ii", dipIi, second],
] as const;

test.each(PENALTIES)(
  "%s is NumPy's, with the centering over examples and the variances of q",
  (_, definition, expected) => {
    expect(figuresAt(engine, definition, {}, { model, x: tensorOf(mean) }).value).toBeCloseTo(expected, 3);
  },
);
test.each(PENALTIES)("%s has the gradient of its differences", (_, definition) => {
  expectGradient((x) => penaltyAt(engine, definition, {}, { model, x }).value, tensorOf(mean));
});
test("the terms are the squares off and on the diagonal, of which the second has the weight `diagonal`", () => {
  // Means (1, 1) and (-1, -1): all covariances are 1.
  const at = {
    model: unitGaussianModel({ slope: [1, 1], variance: 0.5 }),
    x: tensorOf([
      [1, 1],
      [-1, -1],
    ]),
  };
  expect(figuresAt(engine, dipI, { diagonal: 3 }, at)).toEqual({ value: 2, offDiagonal: 2, onDiagonal: 0 });
  const found = figuresAt(engine, dipIi, { diagonal: 3 }, at);
  expect(found.onDiagonal).toBeCloseTo(2 * 0.5 ** 2, 5);
  expect(found.value).toBeCloseTo(2 + 3 * 2 * 0.5 ** 2, 5);
});
test("of a point mass, the means are its values", () => {
  const at = { model: unitGaussianModel({ slope: [2], variance: null }), x: tensorOf([[1], [-1]]) };
  expect(figuresAt(engine, dipI, {}, at).value).toBeCloseTo(10 * 9, 5);
});
