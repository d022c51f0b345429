import { beforeAll, describe, expect, it } from "vitest";
import type { Distribution } from "../../src/contracts/distribution.js";
import { DiagonalGaussian, Mixture, PointMass } from "../../src/distributions/index.js";
import type { Engine } from "../../src/engine/engine.js";
import { inferredFrom, isSingular, makeSite, siteOf } from "../../src/inference/site.js";
import { logMeanExp } from "../../src/tensor/mathematics.js";
import { type Tensor, tf } from "../../src/tensor/tensor.js";
import fixtures from "../fixtures/distributions.json" with { type: "json" };
import { useEngine } from "../support/engine.js";
import { expectClose, noiseOf, tensorOf, valuesOf } from "../support/tensors.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});
const { linearModel, gaussian } = fixtures;
const standard = (size: number): DiagonalGaussian => new DiagonalGaussian(tf.zeros([size]), tf.zeros([size]));
const posterior = (): DiagonalGaussian =>
  new DiagonalGaussian(tensorOf(gaussian.mean[0]!), tensorOf(gaussian.logVariance[0]!));

/** A site of the linear Gaussian model and the logarithms of its importance weights, [S, B]. */
const weigh = ({ weights, posteriorMean, posteriorLogVariance }: typeof linearModel.exact, samples: number) => {
  const q = new DiagonalGaussian(tensorOf(posteriorMean), tensorOf(posteriorLogVariance));
  const site = makeSite({ name: "z", q, p: standard(2), noise: noiseOf(engine), samples });
  const decoded = tf.reshape(tf.matMul(tf.reshape(site.value, [-1, 2]), tf.transpose(tensorOf(weights))), [
    samples,
    4,
    5,
  ]);
  const likelihood = new DiagonalGaussian(decoded, tf.scalar(2 * Math.log(linearModel.scale)));
  return { site, logWeights: tf.add(likelihood.logProb(tensorOf(linearModel.x)), tf.sub(site.logP, site.logQ)) };
};

describe("what was inferred", () => {
  const named = (name: string) =>
    makeSite({ name, q: posterior(), p: standard(4), noise: noiseOf(engine), samples: 1 });

  it("holds its sites by name, in the order in which they were inferred", () => {
    expect(Object.keys(inferredFrom([named("z2"), named("z1")], 1).sites)).toEqual(["z2", "z1"]);
  });
  it("refuses two latents of one name, and names those there are where another is asked for", () => {
    expect(() => inferredFrom([named("z"), named("z")], 1)).toThrow('two latents of the model have one name: "z", "z"');
    expect(() => siteOf(inferredFrom([named("z")], 1), "y")).toThrow('no latent "y"; it inferred "z"');
  });
  it("is singular where one of its posteriors is a point mass", () => {
    const point = makeSite({
      name: "p",
      q: new PointMass(tensorOf(gaussian.mean[0]!)),
      p: standard(4),
      noise: noiseOf(engine),
      samples: 1,
    });
    expect(isSingular(inferredFrom([named("z")], 1))).toBe(false);
    expect(isSingular(inferredFrom([named("z"), point], 1))).toBe(true);
  });
});

describe("a site", () => {
  it("whose posterior is exact weighs all draws alike: each weight is p(x), so IWAE-k is ln p(x) for every k", () => {
    const { logWeights } = weigh(linearModel.exact, 20);
    expectClose(logWeights, Array(20).fill(linearModel.exact.logProb), 1e-5);
    for (const k of [1, 3, 20]) {
      expectClose(logMeanExp(tf.slice(logWeights, [0, 0], [k, -1]), 0), linearModel.exact.logProb, 1e-5);
    }
  });

  it("whose posterior must be factorized misses ln p(x) by the mean-field gap, and IWAE makes it up", () => {
    const { logWeights } = weigh(linearModel.factorized, 40_000);
    const elbo = valuesOf(tf.mean(logWeights, 0));
    const iwae = valuesOf(logMeanExp(logWeights, 0));
    linearModel.factorized.logProb.forEach((logProb, i) => {
      expect(Math.abs(logProb - elbo[i]! - linearModel.gap)).toBeLessThan(0.02);
      expect(Math.abs(logProb - iwae[i]!)).toBeLessThan(0.02);
    });
    expect(linearModel.gap).toBeGreaterThan(0.1);
  });

  it("has a closed-form KL where there is one, by dimension, that its draws agree with", () => {
    const p = new DiagonalGaussian(tensorOf(gaussian.otherMean), tensorOf(gaussian.otherLogVariance));
    const site = makeSite({ name: "z", q: posterior(), p, noise: noiseOf(engine), samples: 40_000 });
    expect(site.klIsExact).toBe(true);
    expectClose(site.kl(), gaussian.kl[0]!);
    expectClose(tf.sum(site.klElements!(), -1), gaussian.kl[0]!);
    const ratio = tf.sub(site.logQ, site.logP);
    const { mean, variance } = tf.moments(ratio, 0);
    const errors = valuesOf(tf.sqrt(tf.div(variance, 40_000)));
    const misses = valuesOf(mean).map((estimate, i) => Math.abs(estimate - gaussian.kl[0]![i]!) / errors[i]!);
    expect(Math.max(...misses)).toBeLessThan(5);
  });

  it("has the estimate log q - log p of each draw where there is none, and says so", () => {
    const p = new Mixture(tf.zeros([1]), new DiagonalGaussian(tf.zeros([1, 4]), tf.zeros([1, 4])));
    const site = makeSite({ name: "z", q: posterior(), p, noise: noiseOf(engine), samples: 5 });
    expect([site.klIsExact, site.klElements]).toEqual([false, undefined]);
    expect(site.kl().shape).toEqual([5, 3]);
    // A mixture of one is that Gaussian.
    const expected = tf.sub(posterior().logProb(site.value), standard(4).logProb(site.value));
    expectClose(tf.reshape(site.kl(), [-1]), valuesOf(expected), 1e-5);
  });

  it("draws by its name and step, and repeats itself", () => {
    const draw = (name: string, step: number): number[] =>
      valuesOf(makeSite({ name, q: posterior(), p: standard(4), noise: noiseOf(engine, 1, step), samples: 2 }).value);
    expect(draw("z", 0)).toEqual(draw("z", 0));
    expect(draw("z", 0)).not.toEqual(draw("z", 1));
    expect(draw("z", 0)).not.toEqual(draw("y", 0));
  });

  it("computes each log-probability once", () => {
    const site = makeSite({ name: "z", q: posterior(), p: standard(4), noise: noiseOf(engine), samples: 2 });
    expect(site.logQ).toBe(site.logQ);
    expect(site.logP).toBe(site.logP);
    expect(site.kl()).toBe(site.kl());
  });

  it("runs over the support of an enumerated posterior, whose weights then sum to 1", () => {
    const logits = tensorOf([
      [0.3, -1, 2],
      [1, 1, -4],
    ]);
    const q: Distribution = {
      batchShape: [2],
      eventShape: [3],
      enumerate: () => tf.broadcastTo(tf.reshape(tf.eye(3), [3, 1, 3]), [3, 2, 3]),
      logProb: (value) => tf.sum(tf.mul(value, tf.logSoftmax(logits)), -1),
      sample: () => tf.zeros([0]),
      sampleAndLogProb: () => ({ value: tf.zeros([0]), logProb: tf.zeros([0]) }),
    };
    const p: Distribution = { ...q, logProb: (value: Tensor) => tf.mul(tf.sum(value, -1), -Math.log(3)) };
    const site = makeSite({ name: "y", q, p, noise: noiseOf(engine), samples: 1, enumerated: true });
    expect([site.enumerated, site.value.shape]).toEqual([true, [3, 2, 3]]);
    expectClose(tf.sum(tf.exp(site.logQ), 0), [1, 1], 1e-6);
    // E_q [log q - log p] = ln 3 - H(q).
    const probabilities = tf.softmax(logits);
    const entropy = valuesOf(tf.neg(tf.sum(tf.mul(probabilities, tf.log(probabilities)), -1)));
    expectClose(
      tf.sum(tf.mul(tf.exp(site.logQ), site.kl()), 0),
      entropy.map((h) => Math.log(3) - h),
    );
    expect(() =>
      makeSite({ name: "z", q: standard(2), p, noise: noiseOf(engine), samples: 1, enumerated: true }),
    ).toThrow('the site "z" is enumerated, but its posterior has no finite support');
  });

  it("of a point mass has its value and nothing else", () => {
    const q = new PointMass(tensorOf(gaussian.mean[0]!));
    const site = makeSite({ name: "z", q, p: standard(4), noise: noiseOf(engine), samples: 2 });
    expectClose(site.value, [gaussian.mean[0]!, gaussian.mean[0]!], 1e-7);
    expect([q.singular, q.batchShape, q.eventShape]).toEqual([true, [3], [4]]);
    expect(() => site.logQ).toThrow("a point mass has no density");
    expect(() => site.kl()).toThrow("a point mass has no density");
    expectClose(q.mean(), gaussian.mean[0]!, 1e-7);
  });
});
