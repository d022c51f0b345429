import { beforeAll, describe, expect, it } from "vitest";
import { Bernoulli, BinaryConcrete, DiagonalGaussian } from "../../src/distributions/index.js";
import type { Engine } from "../../src/engine/engine.js";
import { type Scalar, type Tensor, tf } from "../../src/tensor/tensor.js";
import fixtures from "../fixtures/discrete-latents.json" with { type: "json" };
import { expectDrawsFit } from "../support/densities.js";
import { useEngine } from "../support/engine.js";
import { expectClose, expectGradient, noiseOf, tensorOf, valuesOf } from "../support/tensors.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});
const relaxed = (logits: Tensor, temperature: number | Tensor, eventRank = 1): BinaryConcrete =>
  new BinaryConcrete(
    logits,
    typeof temperature === "number" ? tf.scalar(temperature) : (temperature as Scalar),
    eventRank,
  );

describe("a binary concrete distribution", () => {
  it.each(fixtures.binaryConcrete)("has PyTorch's log-density, at temperature $temperature", (row) => {
    const p = relaxed(tensorOf(row.logits), row.temperature, 0);
    expectClose(p.logProb(tf.expandDims(tensorOf(row.points), 1)), row.logProb, 1e-5);
  });

  it.each([0.2, 0.7, 2])("exceeds 1/2 with the probability of a 1, at temperature %d", (temperature) => {
    const n = 20_000;
    const draws = relaxed(tensorOf([0.8, -2]), temperature).sample(noiseOf(engine), "z", [n]);
    const above = valuesOf(tf.sum(tf.cast(tf.greater(draws, 0.5), "float32"), 0));
    [0.8, -2].forEach((logit, d) => {
      const p = 1 / (1 + Math.exp(-logit));
      expect(Math.abs(above[d]! / n - p)).toBeLessThan(5 * Math.sqrt((p * (1 - p)) / n));
    });
  });

  it.each([0.6, 1.8])("draws what its density says, at temperature %d", (temperature) => {
    expectDrawsFit(engine, relaxed(tf.scalar(0.4), temperature, 0));
  });

  it("has gradients that differences confirm, in its parameters, its value and its draws", () => {
    const [logits, value, t] = [tensorOf([0.3, -0.8, 1.1]), tensorOf([[0.2, 0.6, 0.3]]), tf.scalar(0.8)];
    expectGradient((x) => tf.mean(relaxed(x, t).logProb(value)), logits);
    expectGradient((x) => tf.mean(relaxed(logits, x).logProb(value)), t);
    expectGradient((x) => tf.mean(relaxed(logits, t).logProb(x)), value);
    const drawn = (p: BinaryConcrete): Tensor => tf.mean(tf.sin(tf.mul(3, p.sample(noiseOf(engine), "z", [4]))));
    expectGradient((x) => drawn(relaxed(x, t)), logits);
    expectGradient((x) => drawn(relaxed(logits, x)), t);
  });

  it("is finite, with its gradient, at draws that a low temperature takes to 0 and 1", () => {
    const score = (x: Tensor): Scalar => {
      const p = relaxed(x, 0.05);
      return tf.mean(p.logProb(p.sample(noiseOf(engine), "z", [500])));
    };
    expect(Number.isFinite(score(tensorOf([9, -9, 0])).dataSync()[0])).toBe(true);
    expect(valuesOf(tf.grad(score)(tensorOf([9, -9, 0]))).every(Number.isFinite)).toBe(true);
  });

  it("relaxes a Bernoulli prior at its own temperature, and refuses another", () => {
    const [q, p] = [relaxed(tensorOf([0.3, -0.8]), 0.5), new Bernoulli(tensorOf([1, 2]))];
    const value = tensorOf([[0.1, 0.9]]);
    expectClose(q.counterpart(p).logProb(value), valuesOf(relaxed(tensorOf([1, 2]), 0.5).logProb(value)));
    expect(() => q.counterpart(new DiagonalGaussian(tf.zeros([2]), tf.zeros([2])))).toThrow("need a Bernoulli prior");
  });
});
