/** Under p(z) = N(0, I), p(x | z) = N(z, I) in two dimensions: d ln p(x, z) / dz = x - 2 z, and p(x) = N(0, 2 I). */
import { beforeAll, describe, expect, it } from "vitest";
import { DiagonalGaussian } from "../../src/distributions/diagonal-gaussian.js";
import { generalizedLeapfrog } from "../../src/distributions/generalized-leapfrog.js";
import { HamiltonianDraws, leapfrog, type PhasePoint } from "../../src/distributions/hamiltonian.js";
import { landmarkMetric } from "../../src/distributions/landmark-metric.js";
import type { Engine } from "../../src/engine/engine.js";
import { type Tensor, tf } from "../../src/tensor/tensor.js";
import { useEngine } from "../support/engine.js";
import { noiseOf, tensorOf, valuesOf } from "../support/tensors.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

const X = [0.7, -1.2];
const gradient = (z: Tensor): Tensor => tf.sub(tensorOf(X), tf.mul(z, 2));
const CENTROIDS = [
  [0.5, -0.4],
  [-0.8, 0.3],
  [0.2, 1.1],
];
const FACTORS = [
  [
    [1, 0],
    [0.5, 0.7],
  ],
  [
    [0.6, 0],
    [-0.4, 1.1],
  ],
  [
    [0.8, 0],
    [0.3, 0.9],
  ],
];
const metric = (z: Tensor) =>
  landmarkMetric({
    centroids: tensorOf(CENTROIDS),
    factors: tensorOf(FACTORS),
    temperature: 1.5,
    regularization: 0.5,
  })(z);
const started = (stepSize: Tensor, iterations = 12) => generalizedLeapfrog({ gradient, stepSize, metric, iterations });

const POSITIONS = [
  [0.4, -0.3],
  [-1.1, 0.6],
  [0.9, 1.3],
];
const MOMENTA = [
  [1.1, 0.2],
  [-0.7, 0.5],
  [0.3, -1.4],
];
const stepped = (first: PhasePoint, momentum: Tensor, steps: number): { point: PhasePoint; rho: Tensor } => {
  let at = { point: first, rho: momentum };
  for (let k = 0; k < steps; k++) at = at.point.step(at.rho);
  return at;
};
const largest = (x: Tensor): number => Math.max(...valuesOf(tf.abs(x)));

describe("generalized leapfrog steps", () => {
  it("are leapfrog steps where the metric is constant", () => {
    const [stepSize, z, gamma] = [tensorOf([0.3, 0.1]), tensorOf(POSITIONS), tensorOf(MOMENTA)];
    const flat = landmarkMetric({
      centroids: tensorOf(CENTROIDS.map((row) => row.map((value) => value + 1e3))),
      factors: tensorOf(FACTORS),
      temperature: 1.5,
      regularization: 1,
    });
    const [one, other] = [
      generalizedLeapfrog({ gradient, stepSize, metric: flat, iterations: 1 }),
      leapfrog({ gradient, stepSize }),
    ].map((start) => stepped(start(z), start(z).momentum(gamma), 4));
    for (const pair of [
      [one!.point.z, other!.point.z],
      [one!.rho, other!.rho],
      [one!.point.logMomentum(one!.rho), other!.point.logMomentum(other!.rho)],
    ] as const)
      expect(largest(tf.sub(...pair))).toBeLessThan(1e-5);
  });

  it("have an energy error that shrinks as the step squared", () => {
    const energy = ({ z, logMomentum }: PhasePoint, rho: Tensor): Tensor => {
      const logJoint = tf.sum(tf.sub(tf.mul(tensorOf(X), z), tf.square(z)), 1);
      return tf.neg(tf.add(logJoint, logMomentum(rho)));
    };
    const errorAt = (steps: number): number => {
      const first = started(tensorOf([1.2 / steps, 1.2 / steps]), 6)(tensorOf(POSITIONS));
      const { point, rho } = stepped(first, tensorOf(MOMENTA), steps);
      return largest(tf.sub(energy(point, rho), energy(first, tensorOf(MOMENTA))));
    };
    const ratio = errorAt(6) / errorAt(12);
    expect(errorAt(6)).toBeGreaterThan(1e-3);
    expect(ratio).toBeGreaterThan(3.4);
    expect(ratio).toBeLessThan(4.7);
  });

  it("can be reversed", () => {
    const start = started(tensorOf([0.2, 0.1]));
    const there = stepped(start(tensorOf(POSITIONS)), tensorOf(MOMENTA), 3);
    const back = stepped(start(there.point.z), tf.neg(there.rho), 3);
    expect(largest(tf.sub(there.point.z, tensorOf(POSITIONS)))).toBeGreaterThan(0.1);
    expect(largest(tf.sub(back.point.z, tensorOf(POSITIONS)))).toBeLessThan(1e-5);
    expect(largest(tf.add(back.rho, tensorOf(MOMENTA)))).toBeLessThan(1e-5);
  });

  it("keep the volume of positions and momenta, by differences of fourth order", () => {
    const h = 0.04;
    const [shifts, weights] = [
      [-2, -1, 1, 2],
      [1 / 12, -2 / 3, 2 / 3, -1 / 12],
    ];
    const origin = [...POSITIONS[0]!, ...MOMENTA[0]!];
    const rows = origin.flatMap((_, i) => shifts!.map((s) => origin.map((value, j) => value + (i === j ? s * h : 0))));
    const [z, rho] = [0, 2].map((at) => tensorOf(rows.map((row) => row.slice(at, at + 2))));
    const moved = stepped(started(tensorOf([0.2, 0.1]))(z!), rho!, 3);
    const values = tf.concat([moved.point.z, moved.rho], 1).arraySync() as number[][];
    const jacobian = origin.map((_, i) =>
      origin.map((_value, j) => weights!.reduce((sum, w, s) => sum + (w * values[4 * i + s]![j]!) / h, 0)),
    );
    expect(Math.abs(jacobian[0]![0]! - 1)).toBeGreaterThan(0.05);
    expect(determinant(jacobian)).toBeCloseTo(1, 4);
  });
});

const determinant = (matrix: readonly number[][]): number =>
  matrix.length === 1
    ? matrix[0]![0]!
    : matrix[0]!.reduce(
        (sum, value, j) =>
          sum + (-1) ** j * value * determinant(matrix.slice(1).map((row) => row.filter((_, k) => k !== j))),
        0,
      );

it("gives draws whose density makes p(x, z) over it an unbiased estimate of p(x)", () => {
  const count = 20_000;
  const base = new DiagonalGaussian(tf.zeros([1, 2]), tf.zeros([1, 2]));
  const dynamics = { start: started(tensorOf([0.3, 0.2]), 6), steps: 3, inverseTemperature: tf.scalar(0.5) };
  const { value, logProb } = new HamiltonianDraws(base, dynamics).sampleAndLogProb(noiseOf(engine), "z", [count]);
  const prior = new DiagonalGaussian(tf.zeros([2]), tf.zeros([2]));
  const joint = tf.add(prior.logProb(value), new DiagonalGaussian(value, tf.zeros([1, 2])).logProb(tensorOf(X)));
  const weights = valuesOf(tf.exp(tf.sub(joint, logProb)));
  const exact = X.reduce((product, x) => (product * Math.exp(-(x ** 2) / 4)) / Math.sqrt(4 * Math.PI), 1);
  const mean = weights.reduce((sum, weight) => sum + weight, 0) / count;
  const variance = weights.reduce((sum, weight) => sum + (weight - mean) ** 2, 0) / (count - 1);
  expect(Math.abs(mean - exact)).toBeLessThan(4 * Math.sqrt(variance / count));
  expect(Math.sqrt(variance / count)).toBeLessThan(0.02 * exact);
});
