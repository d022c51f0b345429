import { beforeAll, describe, expect, it } from "vitest";
import { closedFormKl, HypersphereUniform, PowerSpherical, VonMisesFisher } from "../../../src/distributions/index.js";
import { normalized } from "../../../src/distributions/sphere/geometry.js";
import { logitSlope } from "../../../src/distributions/sphere/pathwise.js";
import type { RotationallySymmetric } from "../../../src/distributions/sphere/rotationally-symmetric.js";
import type { Engine } from "../../../src/engine/engine.js";
import { type Tensor, tf } from "../../../src/tensor/tensor.js";
import fixtures from "../../fixtures/latent-densities.json" with { type: "json" };
import { useEngine } from "../../support/engine.js";
import { expectClose, expectGradient, noiseOf, tensorOf, valuesOf } from "../../support/tensors.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

const families = [
  {
    name: "von Mises-Fisher",
    make: (m: Tensor, k: Tensor, rank?: number): RotationallySymmetric => new VonMisesFisher(m, k, rank),
    ...fixtures.spheres.vonMisesFisher,
  },
  {
    name: "power spherical",
    make: (m: Tensor, k: Tensor, rank?: number): RotationallySymmetric => new PowerSpherical(m, k, rank),
    ...fixtures.spheres.powerSpherical,
  },
];
const mean = (values: readonly number[]): number => values.reduce((sum, each) => sum + each, 0) / values.length;
/** Five standard errors, one time in 1.7 million. */
const expectMean = (values: readonly number[], expected: number): void => {
  const found = mean(values);
  const variance = mean(values.map((value) => (value - found) ** 2));
  expect(Math.abs(found - expected)).toBeLessThan(5 * Math.sqrt(variance / values.length) + 1e-6);
};
const DRAWS = 10_000;

describe.each(families)("a $name density", ({ make, rows, slopes }) => {
  describe.each(rows)("in $dimensions dimensions at the concentration $concentration", (row) => {
    const { dimensions, concentration, direction } = row;
    const p = (): RotationallySymmetric => make(tensorOf(direction), tf.scalar(concentration));

    it("is the reference's", () => {
      // Coordinates have an error of 1e-7, which counts by concentration.
      expectClose(p().logProb(tensorOf(row.value)), row.logProb, 3e-6 + 3e-7 * Math.sqrt(concentration));
    });

    it("has the mean and the KL to the uniform distribution of integrals over the angle", () => {
      expectClose(tf.sum(tf.mul(p().mean(), tensorOf(direction))), row.cosine, 2e-6);
      expectClose(closedFormKl(p(), new HypersphereUniform([dimensions]))!.total(), row.kl, 5e-6);
    });

    it("draws unit vectors that lie around its direction as it says, all ways alike, each scored as it is", () => {
      const { value, logProb } = p().sampleAndLogProb(noiseOf(engine), "z", [DRAWS]);
      const norms = valuesOf(tf.sum(tf.square(value), -1));
      expect(norms.every((norm) => Math.abs(norm - 1) < 1e-5)).toBe(true);
      expectClose(logProb, valuesOf(p().logProb(value)), 1e-4 + 3e-7 * Math.sqrt(concentration));
      const cosines = valuesOf(tf.sum(tf.mul(value, tensorOf(direction)), -1));
      expectMean(cosines, row.cosine);
      expectMean(
        cosines.map((t) => t * t),
        row.squaredCosine,
      );
      // One way across: its mean is 0, and its square has an equal share of 1 - t^2.
      const across = normalized(tf.sub(tf.oneHot(1, dimensions), tf.mul(tensorOf(direction), direction[1]!)));
      const sideways = valuesOf(tf.sum(tf.mul(value, across), -1));
      expectMean(sideways, 0);
      expectMean(
        sideways.map((each) => each * each),
        (1 - row.squaredCosine) / (dimensions - 1),
      );
    });
  });

  it("has draws in each interval of the angle as often as its log-density says", () => {
    for (const [dimensions, concentration] of [
      [2, 0.7],
      [3, 6],
      [7, 30],
    ] as const) {
      const direction = valuesOf(normalized(tf.range(1, dimensions + 1)));
      const p = make(tensorOf(direction), tf.scalar(concentration));
      const angles = valuesOf(
        tf.acos(
          tf.clipByValue(tf.sum(tf.mul(p.sample(noiseOf(engine, 7), "z", [DRAWS]), tensorOf(direction)), -1), -1, 1),
        ),
      );
      // Points at each angle, whose shell has the area A_{D-1} sin^(D-2) of the angle.
      const across = normalized(tf.sub(tf.oneHot(0, dimensions), tf.mul(tensorOf(direction), direction[0]!)));
      const shell = valuesOf(
        new HypersphereUniform([Math.max(dimensions - 1, 2)]).logProb(tf.zeros([Math.max(dimensions - 1, 2)])),
      )[0]!;
      const area = dimensions === 2 ? 2 : Math.exp(-shell);
      const count = 4000;
      const grid = Array.from({ length: count }, (_, i) => ((i + 0.5) * Math.PI) / count);
      const at = tensorOf(grid.map((angle) => [angle]));
      const points = tf.add(tf.mul(tf.cos(at), tensorOf(direction)), tf.mul(tf.sin(at), across));
      const mass = valuesOf(tf.exp(p.logProb(points))).map(
        (density, i) => (density * area * Math.sin(grid[i]!) ** (dimensions - 2) * Math.PI) / count,
      );
      expect(mass.reduce((sum, each) => sum + each, 0)).toBeCloseTo(1, 4);
      const bins = 10;
      let [i, below, probability] = [0, 0, 0];
      for (let bin = 1; bin < bins; bin++) {
        for (; i < count && probability < bin / bins; i++) probability += mass[i]!;
        below = angles.filter((angle) => angle <= (i * Math.PI) / count).length / DRAWS;
        expect(Math.abs(below - probability)).toBeLessThan(5 * Math.sqrt((probability * (1 - probability)) / DRAWS));
      }
    }
  });

  it("moves a draw with the concentration as its quantile moves", () => {
    for (const { dimensions, concentration, logit, slope } of slopes) {
      const tilt = make(tf.oneHot(0, dimensions), tf.scalar(concentration));
      const [found] = valuesOf(logitSlope(tf.scalar(logit), tf.scalar(concentration), tilt));
      expect(Math.abs(found! / slope - 1), `${dimensions}, ${concentration}, ${logit}`).toBeLessThan(2e-3);
    }
  });

  it("has unbiased gradients of its draws in concentration and direction", () => {
    const k = 5;
    const cosineAt = (concentration: number): number =>
      valuesOf(tf.sum(make(tf.oneHot(0, 4), tf.scalar(concentration)).mean()))[0]!;
    const slope = (cosineAt(k + 0.05) - cosineAt(k - 0.05)) / 0.1;
    const m = normalized(tensorOf([1, -2, 0.5, 1]));
    const concentrations = tf.fill([DRAWS], k);
    const directions = tf.tile(tf.reshape(m, [1, 4]), [DRAWS, 1]);
    const cosines = (x: Tensor): Tensor => tf.sum(tf.mul(make(directions, x).sample(noiseOf(engine, 3), "z", []), m));
    expectMean(valuesOf(tf.grad(cosines)(concentrations)), slope);
    const c = tensorOf([0.3, 1, -0.7, 0.2]);
    const along = (x: Tensor): Tensor =>
      tf.sum(tf.mul(make(normalized(x), concentrations).sample(noiseOf(engine, 3), "z", []), c));
    // E c'z = A c'm, so its gradient in x, m = x / |x|, is A (c - (c'm) m) / |x|.
    const gradients = tf.grad(along)(directions).arraySync() as number[][];
    const [cm, A] = [valuesOf(tf.sum(tf.mul(c, m)))[0]!, cosineAt(k)];
    for (let d = 0; d < 4; d++)
      expectMean(
        gradients.map((row) => row[d]!),
        A * (valuesOf(c)[d]! - cm * valuesOf(m)[d]!),
      );
  });

  it("has gradients of density, KL and draws that differences confirm", () => {
    const x = tensorOf([
      [0.2, 1, -0.4],
      [-0.8, 0.1, 0.5],
    ]);
    const k = tensorOf([2, 7]);
    const z = normalized(
      tensorOf([
        [1, 0.5, 0],
        [-1, 0.3, 1],
      ]),
    );
    const of = (direction: Tensor, concentration: Tensor, value: Tensor): Tensor =>
      tf.mean(make(normalized(direction), concentration).logProb(normalized(value)));
    expectGradient((moved) => of(moved, k, z), x);
    expectGradient((moved) => of(x, moved, z), k);
    expectGradient((moved) => of(x, k, moved), z);
    expectGradient((moved) => tf.mean(make(normalized(x), moved).klToUniform()), k);
    // The noise fixes the draws that are accepted, so a draw moves smoothly with its direction.
    expectGradient((moved) => tf.mean(tf.sin(make(normalized(moved), k).sample(noiseOf(engine), "z", [3]))), x);
    // A concentration of 0 is the uniform distribution, and has gradients too.
    const flat = tf.grad((moved: Tensor) => tf.sum(make(normalized(x), moved).klToUniform()))(tf.zeros([2]));
    expectClose(flat, [0, 0], 1e-6);
  });

  it("is a product over the spheres of an event, and has members that can be selected", () => {
    const m = normalized(tf.sin(tf.reshape(tf.range(1, 25), [2, 3, 4])));
    const k = tf.add(1, tf.reshape(tf.range(0, 6), [2, 3]));
    const p = make(m, k, 2);
    expect([p.batchShape, p.eventShape]).toEqual([[2], [3, 4]]);
    const value = p.sample(noiseOf(engine), "z", [5]);
    expect(value.shape).toEqual([5, 2, 3, 4]);
    expectClose(p.logProb(value), tf.sum(make(m, k, 1).logProb(value), -1).arraySync() as never, 1e-4);
    expectClose(
      closedFormKl(p, new HypersphereUniform([3, 4]))!.total(),
      valuesOf(tf.sum(make(m, k, 1).klToUniform(), -1)),
    );
    const chosen = p.select(tensorOf([[0, 1]]));
    expectClose(chosen.center(), tf.slice(m, 1, 1).arraySync() as never);
    expectClose(p.withBatch([1, 2]).center(), [m.arraySync() as never]);
  });
});

describe("the KL of von Mises-Fisher to the uniform distribution in 3 dimensions", () => {
  it("is k coth k - 1 + ln(k / sinh k)", () => {
    const kl = (k: number): Tensor => new VonMisesFisher(tf.oneHot(0, 3), tf.scalar(k)).klToUniform();
    expectClose(kl(1), 0.1515959);
    expectClose(kl(10), 1.9957323);
  });
});
