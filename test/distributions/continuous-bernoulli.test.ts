import { beforeAll, describe, expect, it } from "vitest";
import { ContinuousBernoulli } from "../../src/distributions/index.js";
import type { Engine } from "../../src/engine/engine.js";
import { tf } from "../../src/tensor/tensor.js";
import fixtures from "../fixtures/likelihoods.json" with { type: "json" };
import { expectDrawsFit, expectGradients, largestError } from "../support/densities.js";
import { useEngine } from "../support/engine.js";
import { expectClose, expectGradient, noiseOf, tensorOf, valuesOf } from "../support/tensors.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

describe("a continuous Bernoulli by logits", () => {
  it("has the log-density, mean and variance of SciPy's truncated exponential, at both sides of 1/2 and of the series' end", () => {
    expect(largestError((l) => new ContinuousBernoulli(l!, 0), fixtures.continuousBernoulli)).toBeLessThan(1e-6);
  });

  it("has the exact normalizer, ln 2, mean and slope at 1/2", () => {
    const logits = tensorOf([0]);
    const p = new ContinuousBernoulli(logits);
    expectClose(p.logProb(tensorOf([0.3])), 0);
    expectClose(p.mean(), [0.5], 1e-7);
    expectClose(p.variance(), [1 / 12], 1e-7);
    // d ln p / dl = x - mean, and d mean / dl = variance.
    expectClose(tf.grad((l) => tf.sum(new ContinuousBernoulli(l).logProb(tensorOf([0.8]))))(logits), [0.3], 1e-6);
    expectClose(tf.grad((l) => tf.sum(new ContinuousBernoulli(l).mean()))(logits), [1 / 12], 1e-6);
  });

  it("has gradients that differences confirm, in the logits and in the value", () => {
    expectGradients(
      (l) => new ContinuousBernoulli(l!, 0),
      [[-30, -1.3, -0.2, 0.4, 0.9, 7]],
      [0.5, 0.1, 0.9, 0.3, 1, 0.6],
    );
    expectGradient(
      (l) => tf.mean(tf.sin(new ContinuousBernoulli(l).sample(noiseOf(engine), "x", [3]))),
      tensorOf([-3, -0.4, 0.5, 6]),
    );
  });

  it.each([-30, -1.3, -0.4, 0, 1e-3, 0.9, 5])(
    "draws values in [0, 1] as its density says, at a logit of %s",
    (logit) => {
      const p = new ContinuousBernoulli(tf.scalar(logit), 0);
      expectDrawsFit(engine, p);
      const draws = valuesOf(p.sample(noiseOf(engine), "x", [1000]));
      expect(Math.min(...draws)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...draws)).toBeLessThanOrEqual(1);
    },
  );
});
