import { beforeAll, describe, expect, it } from "vitest";
import type { Distribution } from "../../src/contracts/distribution.js";
import { HyperbolicSecant, Laplace, Logistic, StudentT } from "../../src/distributions/index.js";
import type { Engine } from "../../src/engine/engine.js";
import { type Tensor, tf } from "../../src/tensor/tensor.js";
import fixtures from "../fixtures/likelihoods.json" with { type: "json" };
import { type DensityRow, expectDrawsFit, expectGradients, largestError } from "../support/densities.js";
import { useEngine } from "../support/engine.js";
import { expectGradient, noiseOf, tensorOf, valuesOf } from "../support/tensors.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

interface Family {
  name: string;
  make(location: Tensor, logScale: Tensor, eventRank: number): Distribution;
  rows: readonly DensityRow[];
}
const families: Family[] = [
  { name: "Laplace", make: (m, l, rank) => new Laplace(m, l, rank), rows: fixtures.laplace },
  { name: "logistic", make: (m, l, rank) => new Logistic(m, l, rank), rows: fixtures.logistic },
  {
    name: "hyperbolic secant",
    make: (m, l, rank) => new HyperbolicSecant(m, l, rank),
    rows: fixtures.hyperbolicSecant,
  },
  ...[...new Set(fixtures.studentT.map(({ parameters }) => parameters[2]!))].map((degrees) => ({
    name: `Student-t of ${degrees} degrees of freedom`,
    make: (m: Tensor, l: Tensor, rank: number) => new StudentT(m, l, degrees, rank),
    rows: fixtures.studentT.filter(({ parameters }) => parameters[2] === degrees),
  })),
];

describe.each(families)("a $name density", ({ make, rows }) => {
  it("has SciPy's log-density, mean and variance, 1000 quartiles away too", () => {
    expect(largestError((m, l) => make(m!, l!, 0), rows)).toBeLessThan(3e-6);
  });

  it("has gradients in location, log-scale and value that differences confirm", () => {
    expectGradients(
      (m, l) => make(m!, l!, 0),
      [
        [0.3, -1.2, 2],
        [0.1, -0.4, 0.6],
      ],
      [1, 0.2, -1.5],
    );
    const [m, l] = [tensorOf([0.3, -1.2]), tensorOf([0.1, -0.4])];
    const drawn = (p: Distribution): Tensor => tf.mean(tf.sin(p.sample(noiseOf(engine), "x", [3])));
    expectGradient((x) => drawn(make(x, l, 1)), m);
    expectGradient((x) => drawn(make(m, x, 1)), l);
  });

  it("draws what its density says", () => {
    expectDrawsFit(engine, make(tf.scalar(1.5), tf.scalar(-0.7), 0));
  });

  it("broadcasts a scalar scale over an image, and sums the event", () => {
    const p = make(tf.zeros([2, 5, 2, 2, 1]), tf.scalar(0.5), 3);
    expect([p.batchShape, p.eventShape, p.variance!().shape]).toEqual([
      [2, 5],
      [2, 2, 1],
      [2, 5, 2, 2, 1],
    ]);
    const one = valuesOf(make(tf.scalar(0), tf.scalar(0.5), 0).logProb(tf.scalar(1)))[0]!;
    for (const each of valuesOf(p.logProb(tf.ones([5, 2, 2, 1])))) expect(each).toBeCloseTo(4 * one, 5);
    expect(p.sample(noiseOf(engine), "x", [3]).shape).toEqual([3, 2, 5, 2, 2, 1]);
  });
});
