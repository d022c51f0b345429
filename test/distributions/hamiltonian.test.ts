/**
 * Hamiltonian dynamics where the answer is known: p(z) = N(0, 1), p(x | z) = N(z, 1) in each dimension, so that
 * d ln p(x, z) / dz = x - 2 z and p(x) = N(0, 2).
 */
import { beforeAll, describe, expect, test } from "vitest";
import { DiagonalGaussian } from "../../src/distributions/diagonal-gaussian.js";
import { HamiltonianDraws, leapfrog } from "../../src/distributions/hamiltonian.js";
import type { Engine } from "../../src/engine/engine.js";
import type { Noise } from "../../src/tensor/keyed-noise.js";
import { type Scalar, type Tensor, tf } from "../../src/tensor/tensor.js";
import { useEngine } from "../support/engine.js";
import { expectGradient, noiseOf, tensorOf, valuesOf } from "../support/tensors.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

const X = [0.7, -1.2];
const gradient = (z: Tensor): Tensor => tf.sub(tensorOf(X), tf.mul(z, 2));
const dynamics = (steps: number, inverseTemperature: number, stepSize = tensorOf([0.3, 0.1])) => ({
  start: leapfrog({ gradient, stepSize }),
  steps,
  inverseTemperature: tf.scalar(inverseTemperature),
});
/** The base draws `first`, and the momentum is `second`. */
const scripted = (first: Tensor, second: Tensor): Noise => ({
  normal: (site) => (site.endsWith("momentum") ? second : first),
  uniform: () => first,
  fork: () => scripted(first, second),
});
const standard = (): DiagonalGaussian => new DiagonalGaussian(tf.zeros([1, 2]), tf.zeros([1, 2]));

/** One element by hand: leapfrog and cooling in double precision. */
const byHand = (z0: number, gamma: number, x: number, step: number, steps: number, b0: number): [number, number] => {
  const hot = 1 / Math.sqrt(b0);
  const temperature = (k: number): number => ((1 - hot) * k ** 2) / steps ** 2 + hot;
  let [z, rho] = [z0, gamma * hot];
  for (let k = 1; k <= steps; k++) {
    rho += (step / 2) * (x - 2 * z);
    z += step * rho;
    rho += (step / 2) * (x - 2 * z);
    rho *= temperature(k) / temperature(k - 1);
  }
  return [z, rho];
};

describe("a draw", () => {
  const [z0, gamma] = [
    [0.4, -0.3],
    [1.1, 0.2],
  ];
  test("follows the leapfrog steps, and its log-density has both momenta", () => {
    const noise = scripted(tensorOf([[z0]]), tensorOf([[gamma]]));
    const { value, logProb } = new HamiltonianDraws(standard(), dynamics(4, 0.3)).sampleAndLogProb(noise, "z", [1]);
    const moved = X.map((x, j) => byHand(z0![j]!, gamma![j]!, x, [0.3, 0.1][j]!, 4, 0.3));
    for (const [j, each] of valuesOf(value).entries()) expect(each).toBeCloseTo(moved[j]![0], 5);
    const expected = moved.reduce(
      (sum, [, rho], j) => sum - (Math.log(2 * Math.PI) + z0![j]! ** 2 + gamma![j]! ** 2 - rho ** 2) / 2,
      0,
    );
    expect(valuesOf(logProb)[0]).toBeCloseTo(expected, 5);
  });

  test("scales the volume of positions and momenta by cooling alone, hence by sqrt(b_0) a dimension", () => {
    const [b0, h] = [0.3, 1e-5];
    const at = (z: number, gamma: number): [number, number] => byHand(z, gamma * Math.sqrt(b0), 0.7, 0.3, 4, b0);
    const column = (dz: number, dg: number): number[] => {
      const [above, below] = [at(0.4 + dz * h, 1.1 + dg * h), at(0.4 - dz * h, 1.1 - dg * h)];
      return above.map((value, i) => (value - below[i]!) / (2 * h));
    };
    const [[a, c], [b, d]] = [column(1, 0), column(0, 1)] as [[number, number], [number, number]];
    expect(a * d - b * c).toBeCloseTo(Math.sqrt(b0), 6);
  });

  test("has gradients in the base, the step and the temperature", () => {
    const noise = (): Noise => scripted(tensorOf([[z0]]), tensorOf([[gamma]]));
    const logWeight = (mean: Tensor, stepSize: Tensor, b0: Tensor): Tensor => {
      const base = new DiagonalGaussian(mean, tf.zeros([1, 2]));
      const moved = new HamiltonianDraws(base, { ...dynamics(3, 1, stepSize), inverseTemperature: b0 as Scalar });
      const { value, logProb } = moved.sampleAndLogProb(noise(), "z", [1]);
      return tf.add(tf.sum(logProb), tf.sum(tf.square(value)));
    };
    const [mean, step, b0] = [tensorOf([[0.2, -0.4]]), tensorOf([0.3, 0.1]), tensorOf([0.4])];
    expectGradient((x) => logWeight(x, step, tf.scalar(0.4)), mean);
    expectGradient((x) => logWeight(mean, x, tf.scalar(0.4)), step);
    expectGradient((x) => logWeight(mean, step, tf.reshape(x, [])), b0);
  });
});

test("p(x, z) over its density is an unbiased estimate of p(x)", () => {
  const count = 20_000;
  const { value, logProb } = new HamiltonianDraws(standard(), dynamics(3, 0.5)).sampleAndLogProb(noiseOf(engine), "z", [
    count,
  ]);
  const prior = new DiagonalGaussian(tf.zeros([2]), tf.zeros([2]));
  const joint = tf.add(prior.logProb(value), new DiagonalGaussian(value, tf.zeros([1, 2])).logProb(tensorOf(X)));
  const weights = valuesOf(tf.exp(tf.sub(joint, logProb)));
  const exact = X.reduce((product, x) => (product * Math.exp(-(x ** 2) / 4)) / Math.sqrt(4 * Math.PI), 1);
  const mean = weights.reduce((sum, weight) => sum + weight, 0) / count;
  const variance = weights.reduce((sum, weight) => sum + (weight - mean) ** 2, 0) / (count - 1);
  expect(Math.abs(mean - exact)).toBeLessThan(4 * Math.sqrt(variance / count));
  expect(mean).not.toBe(exact);
  // The dynamics bring draws closer to the posterior N(x / 2, 1 / 2).
  const means = [0, 1].map((j) => valuesOf(value).filter((_, i) => i % 2 === j));
  const average = (values: readonly number[]): number => values.reduce((sum, each) => sum + each, 0) / values.length;
  expect(Math.abs(average(means[0]!) - X[0]! / 2)).toBeLessThan(Math.abs(X[0]! / 2));
});

test("no other value has a density", () => {
  expect(() => new HamiltonianDraws(standard(), dynamics(1, 0.5)).logProb()).toThrow(/only draws/);
});
