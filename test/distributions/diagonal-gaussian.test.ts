import { beforeAll, describe, expect, it } from "vitest";
import { closedFormKl, DiagonalGaussian, Mixture } from "../../src/distributions/index.js";
import type { Engine } from "../../src/engine/engine.js";
import { type Tensor, tf } from "../../src/tensor/tensor.js";
import fixtures from "../fixtures/distributions.json" with { type: "json" };
import { useEngine } from "../support/engine.js";
import { expectClose, expectGradient, noiseOf, tensorOf, valuesOf } from "../support/tensors.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});
const { gaussian } = fixtures;
const fixture = (): DiagonalGaussian => new DiagonalGaussian(tensorOf(gaussian.mean), tensorOf(gaussian.logVariance));
const other = (): DiagonalGaussian =>
  new DiagonalGaussian(tensorOf(gaussian.otherMean), tensorOf(gaussian.otherLogVariance));

describe("a diagonal Gaussian", () => {
  it("has SciPy's log-density, by element and by event", () => {
    expectClose(fixture().logProbElements(tensorOf(gaussian.value)), gaussian.elements);
    expectClose(fixture().logProb(tensorOf(gaussian.value)), gaussian.logProb);
  });

  it("has the KL of the formula for full covariances, the batch broadcast", () => {
    const elements = closedFormKl(fixture(), other())!.elements!();
    expect(elements.shape).toEqual([2, 3, 4]);
    expectClose(tf.sum(elements, -1), gaussian.kl);
  });

  it("has a KL that does not cancel where the two nearly agree", () => {
    // d^2 / 4 for log-variances that differ by d: below the rounding of exp(d) - 1 - d.
    const p = new DiagonalGaussian(tf.zeros([1]), tf.zeros([1]));
    const q = new DiagonalGaussian(tf.zeros([1]), tf.fill([1], 1e-3));
    expect(valuesOf(q.klElements(p))[0]! / (1e-6 / 4)).toBeCloseTo(1, 3);
  });

  it("broadcasts: a scalar log-variance, an event of rank 3, samples before batch", () => {
    const image = new DiagonalGaussian(tf.zeros([2, 5, 2, 2, 1]), tf.scalar(Math.log(4)), 3);
    expect([image.batchShape, image.eventShape]).toEqual([
      [2, 5],
      [2, 2, 1],
    ]);
    // -4/2 (ln 2 pi + ln 4 + 1/4) at a distance of one.
    expectClose(
      image.logProb(tf.ones([5, 2, 2, 1])),
      Array(2).fill(Array(5).fill(-2 * (Math.log(8 * Math.PI) + 0.25))),
    );
    expect(image.sample(noiseOf(engine), "x", [3]).shape).toEqual([3, 2, 5, 2, 2, 1]);
    expect(image.mean().shape).toEqual([2, 5, 2, 2, 1]);
    const onlyScale = new DiagonalGaussian(tf.zeros([1, 3]), tf.zeros([7, 3]));
    expect([onlyScale.batchShape, onlyScale.mean().shape]).toEqual([[7], [7, 3]]);
  });

  it("says of its own draw what it says of that value", () => {
    const { value, logProb } = fixture().sampleAndLogProb(noiseOf(engine), "z", [50]);
    expect(logProb.shape).toEqual([50, 2, 3]);
    expect(valuesOf(tf.max(tf.abs(tf.sub(logProb, fixture().logProb(value)))))[0]).toBeLessThan(1e-4);
  });

  it("draws with its mean and variance", () => {
    const draws = fixture().sample(noiseOf(engine), "z", [20_000]);
    const { mean, variance } = tf.moments(draws, 0);
    const scale = tf.exp(tf.mul(tensorOf(gaussian.logVariance), 0.5));
    const z = tf.div(tf.sub(mean, tensorOf(gaussian.mean)), scale);
    // Five standard errors: 5 / sqrt(20000) and 5 sqrt(2 / 20000).
    expect(Math.max(...valuesOf(tf.abs(z)))).toBeLessThan(0.0354);
    expect(Math.max(...valuesOf(tf.abs(tf.sub(tf.div(variance, tf.square(scale)), 1))))).toBeLessThan(0.05);
  });

  it("has gradients in mean, log-variance and value that differences confirm", () => {
    const mean = tensorOf(gaussian.mean);
    const logVariance = tensorOf(gaussian.logVariance);
    const value = tensorOf(gaussian.value);
    const far = (x: Tensor): Tensor => tf.mean(x);
    expectGradient((x) => far(new DiagonalGaussian(x, logVariance).logProb(value)), mean);
    expectGradient((x) => far(new DiagonalGaussian(mean, x).logProb(value)), logVariance);
    expectGradient((x) => far(new DiagonalGaussian(mean, logVariance).logProb(x)), value);
    expectGradient((x) => far(new DiagonalGaussian(x, logVariance).klElements(other())), mean);
    expectGradient((x) => far(new DiagonalGaussian(mean, x).klElements(other())), logVariance);
    expectGradient((x) => far(tf.sin(new DiagonalGaussian(x, logVariance).sample(noiseOf(engine), "z", [3]))), mean);
    expectGradient((x) => far(tf.sin(new DiagonalGaussian(mean, x).sample(noiseOf(engine), "z", [3]))), logVariance);
  });

  it("has an entropy whose gradient along a reparameterized draw is exact: 1/2 in each log-variance", () => {
    const gradient = tf.grad((x: Tensor) => {
      const { logProb } = new DiagonalGaussian(tensorOf(gaussian.mean), x).sampleAndLogProb(noiseOf(engine), "z", [3]);
      return tf.sum(tf.neg(tf.mean(logProb, 0)));
    })(tensorOf(gaussian.logVariance));
    expectClose(gradient, Array(2).fill(Array(3).fill(Array(4).fill(0.5))), 1e-6);
  });

  it("selects members of its last batch axis", () => {
    const choice = tensorOf([
      [0, 0, 1],
      [1, 0, 0],
    ]);
    const mean = gaussian.mean;
    // One list of members: by matrix product. A list for each of a batch: by sum.
    const single = new DiagonalGaussian(tensorOf(mean[0]!), tensorOf(gaussian.logVariance[0]!)).select(choice);
    expectClose(single.mean(), [mean[0]![2]!, mean[0]![0]!]);
    const batched = fixture().select(choice);
    expectClose(batched.mean(), [mean[0]![2]!, mean[1]![0]!]);
    expectClose(batched.logVariance, [gaussian.logVariance[0]![2]!, gaussian.logVariance[1]![0]!]);
  });

  it("has no closed-form KL with a mixture", () => {
    const members = new DiagonalGaussian(tf.zeros([2, 4]), tf.zeros([2, 4]));
    expect(closedFormKl(fixture(), new Mixture(tf.zeros([2]), members))).toBeUndefined();
  });
});
