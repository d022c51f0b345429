import { beforeAll, describe, expect, it } from "vitest";
import type { Distribution } from "../../src/contracts/distribution.js";
import { BetaBinomial, NegativeBinomial, Poisson, ZeroInflated } from "../../src/distributions/index.js";
import { MOST_MEAN } from "../../src/distributions/poisson-draws.js";
import type { Engine } from "../../src/engine/engine.js";
import { type Tensor, tf } from "../../src/tensor/tensor.js";
import fixtures from "../fixtures/discrete-likelihoods.json" with { type: "json" };
import { type DensityRow, expectGradients, largestError } from "../support/densities.js";
import { useEngine } from "../support/engine.js";
import { noiseOf, tensorOf, valuesOf } from "../support/tensors.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

interface CountRow extends DensityRow {
  cumulative: readonly number[];
}
interface Family {
  name: string;
  make(...parameters: Tensor[]): Distribution;
  rows: readonly CountRow[];
  /** Rows that are drawn from. */
  drawn: readonly number[];
  /** Parameters whose gradients are checked, one list each, at these counts. */
  parameters: number[][];
  counts: number[];
}
const levels = (n: number, step: number) => (l: Tensor, c: Tensor) => new BetaBinomial(l, c, n, step, 0);
const families: Family[] = [
  {
    name: "Poisson",
    make: (l) => new Poisson(l!, 0),
    rows: fixtures.poisson,
    drawn: [0, 1, 3, 4, 5, 7, 8],
    parameters: [[0.3, -1.2, 2.5, 0.7]],
    counts: [0, 1, 15, 3],
  },
  {
    name: "negative binomial",
    make: (l, t) => new NegativeBinomial(l!, t!, 0),
    rows: fixtures.negativeBinomial,
    drawn: [1, 6, 8, 15],
    parameters: [
      [0.3, -1.2, 2.5, 0.7],
      [0.1, -2, 1.5, 4],
    ],
    counts: [0, 1, 15, 3],
  },
  {
    name: "zero-inflated negative binomial",
    make: (l, t, a) => new ZeroInflated(new NegativeBinomial(l!, t!, 0), a!, 0),
    rows: fixtures.zeroInflated,
    drawn: [0, 1, 4],
    parameters: [
      [0.3, -1.2, 2.5, 0.7],
      [0.1, -2, 1.5, 1],
      [0.5, -1, 0.2, -2],
    ],
    counts: [0, 0, 15, 3],
  },
  {
    name: "beta-binomial",
    make: levels(255, 1) as Family["make"],
    rows: fixtures.betaBinomial,
    drawn: [1, 6, 12],
    parameters: [
      [0.3, -1.2, 2, 0.7],
      [0.1, 1, 2, -1],
    ],
    counts: [0, 40, 200, 255],
  },
];

const DRAWS = 10_000;
describe.each(families)("a $name", ({ make, rows, drawn, parameters, counts }) => {
  it("has SciPy's log-probabilities, mean and variance, far in the tails and at large means", () => {
    const isSmall = ({ mean }: CountRow): boolean => mean! <= 1e4;
    expect(largestError(make, rows.filter(isSmall))).toBeLessThan(5e-5);
    // Single precision of ln m moves ln p by about sqrt(m) ln m 1e-7.
    const large = rows.filter((row) => !isSmall(row));
    if (large.length > 0) expect(largestError(make, large)).toBeLessThan(2e-4);
  });

  it("draws counts as often as SciPy's cumulative probabilities say", () => {
    for (const { parameters: at, values, cumulative } of drawn.map((i) => rows[i]!)) {
      const p = make(...at.map((each) => tf.scalar(each)));
      const draws = valuesOf(p.sample(noiseOf(engine, 4), "x", [DRAWS]));
      expect(draws.every((count) => Number.isInteger(count) && count >= 0)).toBe(true);
      values.forEach((value, i) => {
        const frequency = draws.filter((count) => count <= value).length / DRAWS;
        const probability = cumulative[i]!;
        const off = Math.abs(frequency - probability);
        const bound = 5 * Math.sqrt((probability * (1 - probability)) / DRAWS) + 1e-4;
        expect({ at, value, frequency, probability, isOff: off > bound }).toMatchObject({ isOff: false });
      });
    }
  });

  it("has gradients that differences confirm", () => expectGradients(make, parameters, counts));
});

describe("a Poisson", () => {
  it("draws NaN where the mean exceeds its range, and not below", () => {
    const p = new Poisson(tf.log(tensorOf([0.5 * MOST_MEAN, 2 * MOST_MEAN])));
    const [low, high] = valuesOf(p.sample(noiseOf(engine), "x", []));
    expect(Math.abs(low! - 0.5 * MOST_MEAN)).toBeLessThan(6 * Math.sqrt(0.5 * MOST_MEAN));
    expect(high).toBeNaN();
  });
});

describe("a beta-binomial", () => {
  it("has levels k / n in [0, 1], of which a value between two counts as the nearest", () => {
    const { parameters, values, logProb, mean } = fixtures.betaBinomialOfFive[0]!;
    const p = levels(5, 1 / 5)(tf.scalar(parameters[0]!), tf.scalar(parameters[1]!));
    const scored = valuesOf(p.logProbElements(tensorOf(values.map((k) => (k + 0.3) / 5))));
    scored.forEach((value, i) => {
      expect(value).toBeCloseTo(logProb[i]!, 5);
    });
    expect(valuesOf(p.mean())[0]).toBeCloseTo(mean / 5, 6);
    const draws = valuesOf(p.sample(noiseOf(engine), "x", [50]));
    expect(draws.every((x) => Math.abs(x * 5 - Math.round(x * 5)) < 1e-6)).toBe(true);
  });

  it("is uniform where both parameters of the beta are 1, at any n", () => {
    for (const n of [1, 255, 4095]) {
      const p = levels(n, 1)(tf.scalar(0), tf.scalar(Math.log(2)));
      for (const value of valuesOf(p.logProbElements(tensorOf([0, Math.floor(n / 3), n]))))
        expect(Math.abs(value / Math.log(n + 1) + 1)).toBeLessThan(5e-5);
    }
  });
});
