import { beforeAll, describe, expect, it } from "vitest";
import { Categorical } from "../../src/distributions/categorical.js";
import { Concrete } from "../../src/distributions/concrete.js";
import type { Engine } from "../../src/engine/engine.js";
import { logNormalize } from "../../src/tensor/mathematics.js";
import { type Scalar, type Tensor, tf } from "../../src/tensor/tensor.js";
import fixtures from "../fixtures/discrete-latents.json" with { type: "json" };
import { expectDrawsFit } from "../support/densities.js";
import { useEngine } from "../support/engine.js";
import { expectClose, expectGradient, noiseOf, tensorOf, valuesOf } from "../support/tensors.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});
const concrete = (logits: Tensor, temperature: number | Tensor, eventRank = 1): Concrete =>
  new Concrete(
    logNormalize(logits),
    typeof temperature === "number" ? tf.scalar(temperature) : (temperature as Scalar),
    eventRank,
  );

describe("a concrete distribution", () => {
  it.each(fixtures.concrete)("has PyTorch's log-density, at temperature $temperature", (row) => {
    const p = concrete(tensorOf(row.logits), row.temperature);
    expectClose(p.logProb(tf.expandDims(tensorOf(row.points), 1)), row.logProb, 2e-6);
  });

  it("sums over its variables", () => {
    const { logits, points, logProb, temperature } = fixtures.concrete[3]!;
    const p = concrete(tensorOf(logits), temperature, 2);
    expect([p.batchShape, p.eventShape]).toEqual([[], [2, 3]]);
    const [first, second] = logProb as [number[], number[]];
    expectClose(p.logProb(tensorOf([points[0]!, points[1]!])), first[0]! + second[1]!, 1e-5);
  });

  it.each([0.2, 0.5, 1, 3])("has its largest element where the categorical is, at temperature %d", (temperature) => {
    const logits = [0.3, -1, 0.9, 0];
    const n = 20_000;
    const draws = concrete(tensorOf(logits), temperature).sample(noiseOf(engine), "z", [n]);
    const counts = valuesOf(tf.sum(tf.oneHot(tf.argMax(draws, -1), 4), 0));
    const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
    logits.forEach((logit, k) => {
      const p = Math.exp(logit) / total;
      expect(Math.abs(counts[k]! / n - p)).toBeLessThan(5 * Math.sqrt((p * (1 - p)) / n));
    });
  });

  it.each([0.4, 1.5])("draws what its density says, at temperature %d", (temperature) => {
    const p = concrete(tensorOf([0.4, -0.3]), temperature);
    const first = (value: Tensor): Tensor => tf.squeeze(tf.slice(value, [0, 0], [-1, 1]), [1]);
    expectDrawsFit(engine, {
      sample: (noise, site, shape) => first(p.sample(noise, site, shape)),
      logProbElements: (x) => p.logProb(tf.stack([x, tf.sub(1, x)], -1)),
    });
  });

  it("integrates to 1 over the simplex of three values", () => {
    const p = concrete(tensorOf([0.4, -0.3, 0.2]), 1.3);
    const steps = 300;
    const points = Array.from({ length: steps * steps }, (_, i) => [
      ((i % steps) + 0.5) / steps,
      (Math.floor(i / steps) + 0.5) / steps,
    ]).filter(([x, y]) => x! + y! < 1);
    const densities = valuesOf(tf.exp(p.logProb(tensorOf(points.map(([x, y]) => [x!, y!, 1 - x! - y!])))));
    expect(densities.reduce((sum, each) => sum + each, 0) / steps ** 2).toBeCloseTo(1, 2);
  });

  it("has gradients that differences confirm, in its parameters, its value and its draws", () => {
    const [logits, value, t] = [tensorOf([0.3, -0.8, 0.1]), tensorOf([[0.2, 0.5, 0.3]]), tf.scalar(0.8)];
    expectGradient((x) => tf.mean(concrete(x, t).logProb(value)), logits);
    expectGradient((x) => tf.mean(concrete(logits, x).logProb(value)), t);
    expectGradient((x) => tf.mean(concrete(logits, t).logProb(x)), value);
    const drawn = (p: Concrete): Tensor => tf.mean(tf.sin(tf.mul(3, p.sample(noiseOf(engine), "z", [4]))));
    expectGradient((x) => drawn(concrete(x, t)), logits);
    expectGradient((x) => drawn(concrete(logits, x)), t);
  });

  it("is finite, with its gradient, at draws that a low temperature takes to the corners", () => {
    const logits = tensorOf([8, -8, 0]);
    const score = (x: Tensor): Scalar => {
      const p = concrete(x, 0.05);
      return tf.mean(p.logProb(p.sample(noiseOf(engine), "z", [500])));
    };
    expect(Number.isFinite(score(logits).dataSync()[0])).toBe(true);
    expect(valuesOf(tf.grad(score)(logits)).every(Number.isFinite)).toBe(true);
  });

  it("relaxes a categorical prior at its own temperature, and refuses another", () => {
    const q = concrete(tensorOf([0.3, -0.8]), 0.5);
    const p = new Categorical(logNormalize(tensorOf([1, 2])));
    const value = tensorOf([[0.1, 0.9]]);
    expectClose(q.counterpart(p).logProb(value), valuesOf(concrete(tensorOf([1, 2]), 0.5).logProb(value)));
    expect(() => q.counterpart(concrete(tensorOf([1, 2]), 1))).toThrow("need a categorical prior");
  });
});
