import { describe, expect, test } from "vitest";
import { pointsOf } from "../../src/numerics/points.js";
import { momentsOf } from "../../src/numerics/principal-components.js";
import { normal, stream } from "../../src/numerics/streams.js";
import { gaussianMixture } from "../../src/samplers/gaussian-mixture.js";
import { drawMixture, type Mixture } from "../../src/samplers/mixture.js";
import { type Covariance, expectation, fitMixture } from "../../src/samplers/mixture-fit.js";
import oracle from "../fixtures/gaussian-mixture.json" with { type: "json" };
import { fittedTo } from "../support/samplers.js";

const { width, components, floor } = oracle;
const rows = pointsOf(Float32Array.from(oracle.values), width);
const identity = Float64Array.from({ length: width * width }, (_, i) => (i % (width + 1) === 0 ? 1 : 0));
/** Where the script begins. */
const initial: Mixture = {
  weights: new Float64Array(components).fill(1 / components),
  means: Array.from({ length: components }, (_, c) => Float64Array.from(rows.values.slice(c * width, (c + 1) * width))),
  factors: Array.from({ length: components }, () => identity),
};
const covarianceOf = (factor: Float64Array): number[] =>
  Array.from({ length: width * width }, (_, at) => {
    const [i, j] = [Math.floor(at / width), at % width];
    return Array.from({ length: width }, (_, k) => factor[i * width + k]! * factor[j * width + k]!).reduce(
      (a, b) => a + b,
    );
  });

describe.each(["full", "diagonal"] as const)("the fit with %s covariances", (covariance: Covariance) => {
  test.each(oracle[covariance])("is scikit-learn's after $iterations iterations at most", (expected) => {
    const found = fitMixture(rows, initial, { covariance, floor, tolerance: 1e-12, iterations: expected.iterations });
    expect(found.logLikelihood).toBeCloseTo(expected.logLikelihood, 5);
    expect(expectation(found.mixture, rows).logLikelihood).toBeCloseTo(expected.score, 5);
    for (let c = 0; c < components; c++) {
      expect(found.mixture.weights[c]).toBeCloseTo(expected.weights[c]!, 4);
      for (const [j, value] of expected.means[c]!.entries()) expect(found.mixture.means[c]![j]).toBeCloseTo(value, 3);
      for (const [at, value] of covarianceOf(found.mixture.factors[c]!).entries())
        expect(value).toBeCloseTo(expected.covariances[c]![at]!, 3);
    }
  });
});

describe("the sampler", () => {
  test("draws what it was fitted to: weights, means and covariances of two far clusters", () => {
    const uniform = stream(1, "test/codes");
    // 3 in 4 about (5, 5) with covariance [[1, .8], [.8, 1]], the others about (-5, 0) with variances 0.25 and 4.
    const rowsOf = Array.from({ length: 2000 }, (_, i) => {
      const [a, b] = [normal(uniform), normal(uniform)];
      return i % 4 > 0 ? [5 + a, 5 + 0.8 * a + 0.6 * b] : [-5 + 0.5 * a, 2 * b];
    });
    const codes = pointsOf(Float32Array.from(rowsOf.flat()), 2);
    const sampler = fittedTo(gaussianMixture, { components: 2 }, codes, stream(1, "sampler"));
    const drawn = sampler.sample(4000, stream(2, "sampler"));
    const far = drawn.values.filter((_, at) => drawn.values[2 * Math.floor(at / 2)]! > 0);
    // 0.0068 is a standard error of the share.
    expect(Math.abs(far.length / 8000 - 0.75)).toBeLessThan(0.03);
    const { mean, covariance } = momentsOf(far, 2);
    for (const value of mean) expect(Math.abs(value - 5)).toBeLessThan(0.12);
    expect(Math.abs(covariance.get(0, 1) - 0.8)).toBeLessThan(0.12);
    expect(Math.abs(covariance.get(0, 0) - 1)).toBeLessThan(0.15);
  });

  test("with one Gaussian has the moments of the codes, and the log-likelihood that they imply", () => {
    const sampler = fittedTo(gaussianMixture, { components: 1, floor: 1e-9 }, rows, stream(1, "sampler"));
    const { covariance } = momentsOf(rows.values, width);
    const eigen = covariance.clone();
    // ln det by elimination: the mean log-likelihood at the maximum is -1/2 (D ln 2 pi + ln det S + D).
    let logDeterminant = 0;
    for (let k = 0; k < width; k++) {
      logDeterminant += Math.log(eigen.get(k, k));
      for (let i = k + 1; i < width; i++) {
        const factor = eigen.get(i, k) / eigen.get(k, k);
        for (let j = k; j < width; j++) eigen.set(i, j, eigen.get(i, j) - factor * eigen.get(k, j));
      }
    }
    const expected = -(width * Math.log(2 * Math.PI) + logDeterminant + width) / 2;
    expect(Number(/log-likelihood (-?[\d.]+)/.exec(sampler.note)![1])).toBeCloseTo(expected, 2);
  });

  test("takes fewer codes than it has components, and codes that are all the same", () => {
    const same = pointsOf(new Float32Array(6).fill(2), 2);
    const sampler = fittedTo(gaussianMixture, { components: 10 }, same, stream(1, "sampler"));
    for (const value of sampler.sample(20, stream(1, "draws")).values) expect(Math.abs(value - 2)).toBeLessThan(0.01);
  });

  test("at a temperature, draws and scores with scaled standard deviations", () => {
    const { sample, logProb } = fittedTo(
      gaussianMixture,
      { components: 1, temperature: 0.5 },
      rows,
      stream(1, "sampler"),
    );
    const own = momentsOf(rows.values, width).covariance;
    const found = momentsOf(sample(20_000, stream(2, "draws")).values, width).covariance;
    for (let j = 0; j < width; j++) expect(found.get(j, j) / own.get(j, j)).toBeCloseTo(0.25, 1);
    // At the mean the density is 1 / 0.5^D times as high.
    const center = pointsOf(Float32Array.from(momentsOf(rows.values, width).mean), width);
    const plain = fittedTo(gaussianMixture, { components: 1 }, rows, stream(1, "sampler"));
    expect(logProb(center)[0]! - plain.logProb(center)[0]!).toBeCloseTo(width * Math.log(2), 3);
  });

  test("draws the same from the same stream", () => {
    const draw = () => drawMixture(initial, 5, stream(4, "draws")).values;
    expect(draw()).toEqual(draw());
  });
});
