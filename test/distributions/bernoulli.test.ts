import { beforeAll, describe, expect, it } from "vitest";
import { Bernoulli } from "../../src/distributions/index.js";
import type { Engine } from "../../src/engine/engine.js";
import { type Tensor, tf } from "../../src/tensor/tensor.js";
import fixtures from "../fixtures/distributions.json" with { type: "json" };
import { useEngine } from "../support/engine.js";
import { expectClose, expectGradient, noiseOf, tensorOf, valuesOf } from "../support/tensors.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});
const { logits, value, logProb } = fixtures.bernoulli;

describe("a Bernoulli by logits", () => {
  it("has SciPy's log-probability from -90 to 60, gray values included", () => {
    expectClose(new Bernoulli(tensorOf(logits), 0).logProb(tensorOf(value)), logProb, 1e-6);
    expectClose(
      new Bernoulli(tensorOf(logits)).logProb(tensorOf(value)),
      logProb.map((row) => row.reduce((sum, element) => sum + element, 0)),
      1e-6,
    );
  });

  it("has probabilities that sum to 1 at every logit", () => {
    const distribution = new Bernoulli(tensorOf(logits), 0);
    const total = tf.add(tf.exp(distribution.logProb(tf.scalar(0))), tf.exp(distribution.logProb(tf.scalar(1))));
    expectClose(total, Array(logits.length).fill(1), 1e-6);
  });

  it("has the gradient x - sigmoid(l), also at a logit of exactly 0", () => {
    const ones = tf.ones([logits.length]);
    const gradient = tf.grad((x: Tensor) => tf.sum(new Bernoulli(x).logProb(ones)))(tensorOf(logits));
    expectClose(
      gradient,
      logits.map((l) => 1 / (1 + Math.exp(l))),
      1e-6,
    );
    expectGradient((x) => new Bernoulli(x).logProb(tensorOf([0, 1, 0.3])), tensorOf([-1.2, 0, 0.8]));
  });

  it("draws zeros and ones with its mean", () => {
    const distribution = new Bernoulli(tensorOf([-90, -1, 0, 2, 60]));
    const draws = distribution.sample(noiseOf(engine), "x", [20_000]);
    expect(new Set(valuesOf(draws))).toEqual(new Set([0, 1]));
    const mean = valuesOf(distribution.mean());
    const error = valuesOf(tf.mean(draws, 0)).map((frequency, i) => Math.abs(frequency - mean[i]!));
    // Five standard errors at a probability of a half.
    expect(Math.max(...error)).toBeLessThan(0.0177);
    expect(Math.max(error[0]!, error[4]!)).toBeLessThan(1e-30);
  });

  it("says of its own draw what it says of that value", () => {
    const distribution = new Bernoulli(tensorOf([[-1, 0.5, 2]]));
    const drawn = distribution.sampleAndLogProb(noiseOf(engine), "x", [4]);
    expect(drawn.logProb.shape).toEqual([4, 1]);
    expect(valuesOf(drawn.logProb)).toEqual(valuesOf(distribution.logProb(drawn.value)));
  });
});
