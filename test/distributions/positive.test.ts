import { beforeAll, describe, expect, it } from "vitest";
import type { Distribution } from "../../src/contracts/distribution.js";
import { Gamma, LogNormal } from "../../src/distributions/index.js";
import type { Engine } from "../../src/engine/engine.js";
import { type Tensor, tf } from "../../src/tensor/tensor.js";
import fixtures from "../fixtures/likelihoods.json" with { type: "json" };
import { type DensityRow, expectDrawsFit, expectGradients, largestError } from "../support/densities.js";
import { useEngine } from "../support/engine.js";
import { noiseOf, valuesOf } from "../support/tensors.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

interface Family {
  name: string;
  make(location: Tensor, log: Tensor, eventRank: number): Distribution;
  rows: readonly DensityRow[];
  /** Parameters that are drawn with. */
  points: readonly (readonly [number, number])[];
}
const families: Family[] = [
  {
    name: "gamma",
    make: (l, k, rank) => new Gamma(l, k, rank),
    rows: fixtures.gamma,
    points: [
      [0.5, -1.5],
      [-2, 0],
      [1, 0.3],
      [3, 9],
    ],
  },
  {
    name: "log-normal",
    make: (m, s, rank) => new LogNormal(m, s, rank),
    rows: fixtures.logNormal,
    points: [
      [0.5, -1.5],
      [-2, 0.4],
    ],
  },
];

describe.each(families)("a $name density", ({ make, rows, points }) => {
  it("has SciPy's log-density, mean and variance from the millionth to the last but a millionth", () => {
    expect(largestError((l, k) => make(l!, k!, 0), rows)).toBeLessThan(3e-5);
  });

  it("has gradients that differences confirm", () => {
    expectGradients(
      (l, k) => make(l!, k!, 0),
      [
        [0.3, -1.2, 2],
        [0.1, -0.4, 1.6],
      ],
      [1, 0.8, 5],
    );
  });

  it("draws what its density says", () => {
    for (const [l, k] of points) expectDrawsFit(engine, make(tf.scalar(l), tf.scalar(k), 0));
  });

  it("draws no zero where a draw would underflow", () => {
    const p = make(tf.scalar(-60), tf.scalar(-4), 0);
    const draws = valuesOf(p.sample(noiseOf(engine), "x", [2000]));
    expect(Math.min(...draws)).toBeGreaterThan(0);
    expect(valuesOf(tf.all(tf.isFinite(p.logProb(p.sample(noiseOf(engine), "x", [2000])))))).toEqual([1]);
  });
});
