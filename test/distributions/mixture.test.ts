import { beforeAll, describe, expect, it } from "vitest";
import { Bernoulli, DiagonalGaussian, Mixture } from "../../src/distributions/index.js";
import type { Engine } from "../../src/engine/engine.js";
import { type Tensor, tf } from "../../src/tensor/tensor.js";
import fixtures from "../fixtures/distributions.json" with { type: "json" };
import { useEngine } from "../support/engine.js";
import { expectClose, expectGradient, noiseOf, tensorOf, valuesOf } from "../support/tensors.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});
const { logits, means, logVariances, value, logProb, mean } = fixtures.mixture;
const mixture = (): Mixture =>
  new Mixture(tensorOf(logits), new DiagonalGaussian(tensorOf(means), tensorOf(logVariances)));

describe("a mixture", () => {
  it("has SciPy's log-density, far from all components too", () => {
    expectClose(mixture().logProb(tensorOf(value)), logProb);
    expect(mixture().logProb(tf.reshape(tensorOf(value), [2, 3, 3])).shape).toEqual([2, 3]);
    expectClose(mixture().mean(), mean);
  });

  it("has a density that integrates to 1 in two dimensions", () => {
    const members = new DiagonalGaussian(tensorOf(means.map((row) => row.slice(0, 2))), tf.fill([5, 2], -0.5));
    const axis = tf.linspace(-10, 10, 201);
    const [x, y] = tf.meshgrid(axis, axis) as [Tensor, Tensor];
    const density = tf.exp(new Mixture(tensorOf(logits), members).logProb(tf.stack([x, y], -1)));
    expect(valuesOf(tf.sum(density))[0]! * 0.1 * 0.1).toBeCloseTo(1, 4);
  });

  it("takes weights and components that differ over a batch", () => {
    const rows = [logits, logits.toReversed()];
    const members = new DiagonalGaussian(
      tensorOf([means, means.toReversed()]),
      tensorOf([logVariances, logVariances.toReversed()]),
    );
    const batched = new Mixture(tensorOf(rows), members);
    expect(batched.batchShape).toEqual([2]);
    expectClose(batched.logProb(tensorOf(value[0]!)), [logProb[0]!, logProb[0]!]);
    expect(batched.sample(noiseOf(engine), "z", [4]).shape).toEqual([4, 2, 3]);
  });

  it("is its component where there is one", () => {
    const only = new DiagonalGaussian(tensorOf(means.slice(0, 1)), tensorOf(logVariances.slice(0, 1)));
    expectClose(new Mixture(tf.zeros([1]), only).logProb(tensorOf(value)), valuesOf(only.logProb(tensorOf(value))));
    expect(new Mixture(tf.zeros([1]), only).sample(noiseOf(engine), "z", [4]).shape).toEqual([4, 3]);
  });

  it("has gradients in weights, means, log-variances and value that differences confirm", () => {
    const points = tensorOf(value.slice(0, 4));
    const of = (l: Tensor, m: Tensor, v: Tensor, x: Tensor): Tensor =>
      tf.mean(new Mixture(l, new DiagonalGaussian(m, v)).logProb(x));
    const [l, m, v] = [tensorOf(logits), tensorOf(means), tensorOf(logVariances)];
    expectGradient((x) => of(x, m, v, points), l);
    expectGradient((x) => of(l, x, v, points), m);
    expectGradient((x) => of(l, m, x, points), v);
    expectGradient((x) => of(l, m, v, x), points);
  });

  const count = 20_000;
  /** Weights .5, 0 (as good as), .2, .3 and means 10 apart: a draw tells its component. */
  const apart = {
    logits: [0, -40, Math.log(0.4), Math.log(0.6)],
    means: [[0], [10], [20], [30]],
    weights: [0.5, 0, 0.2, 0.3],
  };
  const expectFrequencies = (component: Tensor): void => {
    const frequencies = apart.weights.map((_, k) => valuesOf(tf.mean(tf.cast(tf.equal(component, k), "float32")))[0]!);
    frequencies.forEach((frequency, k) => {
      const p = apart.weights[k]!;
      expect(Math.abs(frequency - p)).toBeLessThanOrEqual(5 * Math.sqrt((p * (1 - p)) / count));
    });
  };

  it("draws components by their weights, and from each as it is", () => {
    const members = new DiagonalGaussian(tensorOf(apart.means), tf.fill([4, 1], Math.log(0.25)));
    const draws = new Mixture(tensorOf(apart.logits), members).sample(noiseOf(engine), "z", [count]);
    const component = tf.round(tf.div(draws, 10));
    expectFrequencies(component);
    const spread = valuesOf(tf.mean(tf.square(tf.sub(draws, tf.mul(component, 10)))))[0]!;
    expect(spread).toBeGreaterThan(0.25 * (1 - 5 * Math.sqrt(2 / count)));
    expect(spread).toBeLessThan(0.25 * (1 + 5 * Math.sqrt(2 / count)));
  });

  it("draws likewise of components that cannot be selected beforehand", () => {
    // Component k writes k in binary, with certainty.
    const bits = tensorOf([
      [-60, -60],
      [60, -60],
      [-60, 60],
      [60, 60],
    ]);
    const mixed = new Mixture(tensorOf(apart.logits), new Bernoulli(bits));
    const { value: draws, logProb: said } = mixed.sampleAndLogProb(noiseOf(engine), "z", [count]);
    expect(draws.shape).toEqual([count, 2]);
    expectFrequencies(tf.sum(tf.mul(draws, tensorOf([1, 2])), 1));
    expect(Math.max(...valuesOf(said))).toBeCloseTo(Math.log(0.5), 5);
  });

  it("refuses weights that do not count its components", () => {
    expect(() => new Mixture(tf.zeros([3]), new DiagonalGaussian(tf.zeros([4, 2]), tf.zeros([4, 2])))).toThrow(
      "a mixture of components [4] has weights [3]",
    );
  });
});
