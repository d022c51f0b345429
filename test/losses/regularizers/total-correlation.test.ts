/** The estimates against NumPy's, against the closed form of a Gaussian aggregate, and against the rate that they are parts of. */
import { beforeAll, describe, expect, test } from "vitest";
import type { Engine } from "../../../src/engine/engine.js";
import { aggregateDensities, totalCorrelation } from "../../../src/losses/regularizers/total-correlation.js";
import { normal, stream } from "../../../src/numerics/streams.js";
import { tf } from "../../../src/tensor/tensor.js";
import oracle from "../../fixtures/regularizers.json" with { type: "json" };
import { useEngine } from "../../support/engine.js";
import { figuresAt, penaltyAt, stepOn } from "../../support/penalty.js";
import { expectClose, expectGradient, tensorOf } from "../../support/tensors.js";
import { unitGaussianModel } from "../../support/unit-gaussian-model.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

const { size, logQ, ...estimates } = oracle.totalCorrelation;
const ESTIMATORS = ["weighted", "stratified"] as const;

test.each(ESTIMATORS)(
  "%s densities are NumPy's, the stratified ones averaged over the order of the batch",
  (estimator) => {
    const { joint, product } = aggregateDensities(tensorOf(logQ), estimator, size);
    expectClose(joint, estimates[estimator].joint, 1e-5);
    expectClose(product, estimates[estimator].product, 1e-5);
  },
);

/** Rows whose mean is 0 and whose covariance is exactly [[a, b], [b, a]]. */
const rowsOf = (count: number, a: number, b: number): number[][] => {
  const uniform = stream(5, "total-correlation");
  const whole = [0, 1].map(() => Array.from({ length: count }, () => normal(uniform)));
  const dot = (x: number[], y: number[]): number => x.reduce((sum, value, i) => sum + value * y[i]!, 0) / count;
  const centered = whole.map((x) => x.map((value) => value - dot(x, Array(count).fill(1))));
  const first = centered[0]!.map((value) => value / Math.sqrt(dot(centered[0]!, centered[0]!)));
  const rest = centered[1]!.map((value, i) => value - dot(centered[1]!, first) * first[i]!);
  const second = rest.map((value) => value / Math.sqrt(dot(rest, rest)));
  // A triangular factor of the covariance.
  const [l11, l21] = [Math.sqrt(a), b / Math.sqrt(a)];
  const l22 = Math.sqrt(a - l21 ** 2);
  return first.map((value, i) => [l11 * value, l21 * value + l22 * second[i]!]);
};

describe("of codes N(x, 0.1 I)", () => {
  // The aggregate has variances 1 and the correlation rho.
  const [count, variance] = [800, 0.1];
  const model = unitGaussianModel({ slope: [1, 1], variance });
  const at = (rho: number) => ({ model, x: tensorOf(rowsOf(count, 1 - variance, rho)) });
  const exact = (rho: number): number => -Math.log(1 - rho ** 2) / 2;

  test.each([0, 0.6, 0.85])("the whole training set gives the closed form at a correlation of %f", (rho) => {
    const found = figuresAt(engine, totalCorrelation, { estimator: "stratified" }, at(rho));
    expect(Math.abs(found.value! - exact(rho))).toBeLessThan(0.03);
    // I(x; z) = H(z) - H(z | x), and the marginals are the prior's.
    const information = Math.log(1 - rho ** 2) / 2 - 2 * (Math.log(variance) / 2);
    expect(Math.abs(found.mutualInformation! - information)).toBeLessThan(0.06);
    expect(Math.abs(found.dimensionWiseKl!)).toBeLessThan(0.02);
  });
  test("weighted sampling is (D - 1) ln N more", () => {
    const [weighted, stratified] = ESTIMATORS.map((estimator) =>
      figuresAt(engine, totalCorrelation, { estimator }, at(0.6)),
    );
    expect(weighted!.value! - stratified!.value!).toBeCloseTo(Math.log(count), 3);
  });
});

test.each(ESTIMATORS)("%s terms add up to the rate of the draws", (estimator) => {
  const slope = [0.8, -0.5, 1.5];
  const variance = 0.3;
  const model = unitGaussianModel({ slope, variance });
  const x = tensorOf([
    [1, -2, 0.5],
    [0.3, 0.8, -1],
    [-1.2, 0.1, 0.7],
  ]);
  const at = { model, x, trainingSize: 50 };
  const found = figuresAt(engine, totalCorrelation, { estimator }, at);
  const { sites } = stepOn(engine, at).inferred();
  const rate = tf.mean(tf.sub(sites.z!.logQ, sites.z!.logP)).dataSync()[0]!;
  expect(found.value! + found.mutualInformation! + found.dimensionWiseKl!).toBeCloseTo(rate, 4);
});

test.each(ESTIMATORS)("the gradient of the %s estimate is that of its differences", (estimator) => {
  const model = unitGaussianModel({ slope: [0.8, -0.5], variance: 0.3 });
  const rows = [
    [1, -2],
    [0.3, 0.8],
    [-1.2, 0.1],
  ];
  expectGradient(
    (x) => penaltyAt(engine, totalCorrelation, { estimator }, { model, x, trainingSize: 9 }).value,
    tensorOf(rows),
  );
});

test("needs two examples in training, and gives 0 for a last block of one in validation", () => {
  const model = unitGaussianModel({ slope: [1], variance: 1 });
  const at = { model, x: tensorOf([[1]]) };
  expect(figuresAt(engine, totalCorrelation, {}, { ...at, training: false }).value).toBe(0);
  expect(() => figuresAt(engine, totalCorrelation, {}, at)).toThrow(/this batch has one example/);
});
