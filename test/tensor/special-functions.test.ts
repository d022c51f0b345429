import { beforeAll, describe, it } from "vitest";
import { digammaDifference, logBeta, logGamma, stirlingError } from "../../src/tensor/special-functions.js";
import { type Tensor, tf } from "../../src/tensor/tensor.js";
import fixtures from "../fixtures/likelihoods.json" with { type: "json" };
import { useEngine } from "../support/engine.js";
import { expectClose, tensorOf } from "../support/tensors.js";

beforeAll(async () => {
  await useEngine();
});
const { x, logGamma: expected, digamma, a, b, logBeta: expectedBeta, logBetaSlope } = fixtures.functions;
const { stirlingError: expectedError, stirlingErrorSlope } = fixtures.functions;
const slope = (f: (x: Tensor) => Tensor, at: readonly number[]): Tensor =>
  tf.grad((each: Tensor) => tf.sum(f(each)))(tensorOf(at));

describe("ln Gamma", () => {
  it("is SciPy's from 1e-6 to 1e6", () => {
    expectClose(logGamma(tensorOf(x)), expected, 1e-6);
  });
  it("has SciPy's digamma function as its gradient", () => {
    expectClose(slope(logGamma, x), digamma, 2e-6);
  });
});

describe("the error of Stirling's formula", () => {
  it("is SciPy's from 1e-6 to 1e6, and so is its gradient", () => {
    expectClose(stirlingError(tensorOf(x)), expectedError, 1e-6);
    expectClose(slope(stirlingError, x), stirlingErrorSlope, 2e-6);
  });
});

describe("a difference of digamma functions", () => {
  it("is a sum of reciprocals where the difference is a whole number", () => {
    for (const a of [0.01, 0.5, 1, 2.9, 3.1, 40, 1e4, 1e6])
      for (const b of [1, 2, 5]) {
        const expected = Array.from({ length: b }, (_, j) => 1 / (a + j)).reduce((sum, each) => sum + each, 0);
        // Relative: it is small where a is large.
        expectClose(tf.div(digammaDifference(tf.scalar(a), b), expected), 1, 2e-6);
      }
  });
  it("has the values at halves that are known", () => {
    expectClose(digammaDifference(tensorOf([0.5, 1]), 0.5), [2 * Math.LN2, 2 - 2 * Math.LN2], 2e-6);
  });
});

describe("ln B", () => {
  it("is SciPy's, and does not cancel where the arguments are large or far apart", () => {
    expectClose(logBeta(tensorOf(a), tensorOf(b)), expectedBeta, 2e-6);
    expectClose(logBeta(tensorOf(b), tensorOf(a)), expectedBeta, 2e-6);
  });
  it("has differences of digamma functions as its gradients", () => {
    expectClose(
      slope((each) => logBeta(each, tensorOf(b)), a),
      logBetaSlope,
      1e-5,
    );
    expectClose(
      slope((each) => logBeta(tensorOf(b), each), a),
      logBetaSlope,
      1e-5,
    );
  });
  it("has the gradient -1 / a near 0, where ln B is -ln a", () => {
    const tiny = [1e-12, 1e-20, 1e-30];
    for (const each of [(x: Tensor) => logBeta(x, tf.scalar(10)), (x: Tensor) => logBeta(tf.scalar(10), x)])
      expectClose(tf.mul(slope(each, tiny), tensorOf(tiny)), [-1, -1, -1], 1e-6);
  });
  it("broadcasts", () => {
    expectClose(
      logBeta(tensorOf([[1], [2]]), tensorOf([1, 2])),
      [
        [0, -Math.log(2)],
        [-Math.log(2), -Math.log(6)],
      ],
      2e-6,
    );
  });
});
