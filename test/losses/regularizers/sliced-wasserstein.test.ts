/** The distance against optimal assignments, and against its closed form between Gaussians. */
import { beforeAll, expect, test } from "vitest";
import type { Engine } from "../../../src/engine/engine.js";
import { slicedDistance, slicedWasserstein } from "../../../src/losses/regularizers/sliced-wasserstein.js";
import oracle from "../../fixtures/regularizers.json" with { type: "json" };
import { useEngine } from "../../support/engine.js";
import { figuresAt } from "../../support/penalty.js";
import { expectGradient, tensorOf, valuesOf } from "../../support/tensors.js";
import { type Inference, unitGaussianModel } from "../../support/unit-gaussian-model.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

const { x, y, directions, distance } = oracle.slicedWasserstein;

test("is the mean over directions of the optimal assignment's cost", () => {
  expect(valuesOf(slicedDistance(tensorOf(x), tensorOf(y), tensorOf(directions)))[0]).toBeCloseTo(distance, 5);
});
test("its gradient is that of its differences", () => {
  expectGradient((at) => slicedDistance(at, tensorOf(y), tensorOf(directions)), tensorOf(x));
});

const penaltyOf = (inference: Inference, row: number[], projections: number): number =>
  figuresAt(
    engine,
    slicedWasserstein,
    { projections },
    { model: unitGaussianModel(inference), x: tensorOf(Array(1500).fill(row)) },
  ).value!;

test("between N(m, v I) and the prior it is |m|^2 / D + (1 - sqrt v)^2", () => {
  const found = penaltyOf({ slope: [1, 1], variance: 0.25 }, [2, -1], 200);
  expect(Math.abs(found - (5 / 2 + 0.25))).toBeLessThan(0.3);
  expect(Math.abs(penaltyOf({ slope: [1], variance: 0.25 }, [2], 3) - (4 + 0.25))).toBeLessThan(0.2);
});
test("is about 0 where the codes follow the prior", () => {
  expect(penaltyOf({ slope: [0, 0], variance: 1 }, [0, 0], 50)).toBeLessThan(0.02);
});
