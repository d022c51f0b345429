import { beforeAll, describe, expect, it } from "vitest";
import { DiagonalGaussian } from "../../src/distributions/index.js";
import type { Engine } from "../../src/engine/engine.js";
import { gaussianMixture } from "../../src/priors/index.js";
import type { FieldSchema } from "../../src/tensor/fields.js";
import { type Bindings, ParameterStore } from "../../src/tensor/parameters.js";
import { type Tensor, tf } from "../../src/tensor/tensor.js";
import { loadWritten } from "../../src/testing/experiment.js";
import fixtures from "../fixtures/distributions.json" with { type: "json" };
import { build, initialBindings, parameterGradients } from "../support/components.js";
import { useEngine } from "../support/engine.js";
import { differences, expectClose, noiseOf, tensorOf, valuesOf } from "../support/tensors.js";
import { priorContext, withoutEncoder } from "./calls.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});
const { mixture, fullMixture } = fixtures;

describe("the mixture of Gaussians", () => {
  it("is the mixture that its parameters say, by SciPy's log-sum-exp", () => {
    const store = new ParameterStore();
    const prior = build(gaussianMixture, { components: 5 }, priorContext(store));
    const bindings = {
      "prior/means": tensorOf(mixture.means),
      "prior/log-variances": tensorOf(mixture.logVariances),
      "prior/logits": tensorOf(mixture.logits),
    };
    const p = store.bind(bindings, () => prior.at(withoutEncoder));
    expect([p.batchShape, p.eventShape]).toEqual([[], [3]]);
    expectClose(p.logProb(tensorOf(mixture.value)), mixture.logProb);
    expect(p.sample(noiseOf(engine), "z", [7]).shape).toEqual([7, 3]);
  });

  it("has correlated components if the covariance is full, by SciPy's multivariate normals", () => {
    const store = new ParameterStore();
    const prior = build(gaussianMixture, { components: 4, covariance: "full" }, priorContext(store));
    const bindings: Bindings = {
      "prior/means": tensorOf(fullMixture.means),
      "prior/log-scales": tensorOf(fullMixture.logScales),
      "prior/below-diagonal": tensorOf(fullMixture.below),
      "prior/logits": tensorOf(fullMixture.logits),
    };
    expect(store.parameters.map(({ name }) => name)).toEqual(Object.keys(bindings));
    const loss = (): Tensor => tf.mean(prior.at(withoutEncoder).logProb(tensorOf(fullMixture.value.slice(0, 5))));
    const p = store.bind(bindings, () => prior.at(withoutEncoder));
    expect([p.batchShape, p.eventShape]).toEqual([[], [3]]);
    expectClose(p.logProb(tensorOf(fullMixture.value)), fullMixture.logProb);
    for (const [name, gradient] of Object.entries(parameterGradients(store, bindings, loss))) {
      const slopes = differences((moved) => store.bind({ ...bindings, [name]: moved }, loss), bindings[name]!);
      expectClose(tf.reshape(gradient, [-1]), valuesOf(slopes), 2e-3);
      expect(Math.max(...valuesOf(tf.abs(gradient)))).toBeGreaterThan(1e-3);
    }
  });

  it("learns means, scales and weights", () => {
    const store = new ParameterStore();
    const prior = build(gaussianMixture, { components: 4, spread: 2 }, priorContext(store));
    const bindings = initialBindings(store);
    const loss = () => tf.mean(prior.at(withoutEncoder).logProb(tensorOf(mixture.value.slice(0, 5))));
    const gradients = parameterGradients(store, bindings, loss);
    expect(Object.keys(gradients)).toEqual(["prior/means", "prior/log-variances", "prior/logits"]);
    for (const [name, gradient] of Object.entries(gradients)) {
      const slopes = differences((moved) => store.bind({ ...bindings, [name]: moved }, loss), bindings[name]!);
      expectClose(tf.reshape(gradient, [-1]), valuesOf(slopes), 2e-3);
      expect(Math.max(...valuesOf(tf.abs(gradient)))).toBeGreaterThan(1e-3);
    }
  });

  it.each([
    ["diagonal", "prior/log-variances", 1],
    ["full", "prior/log-scales", 0.5],
  ] as const)("begins at posterior means if it is initialized from data, %s", (covariance, scales, power) => {
    const store = new ParameterStore();
    const columns: FieldSchema = { kind: "vector", shape: [2], support: "real" };
    const rows = [
      [1, 10],
      [3, 10],
      [8, 10],
    ];
    const context = priorContext(store, {
      latent: [2],
      inputs: { columns },
      examples: (count) => ({ columns: Float32Array.from(rows.slice(0, count).flat()) }),
    });
    const prior = build(gaussianMixture, { components: 3, covariance, initialize: "data" }, context);
    // q(z | x) = N(x, diag (1 + x_1, 4)): the means have the variances 26 / 3 and 0, and the variances the means 5 and 4.
    const values = prior.initialize!(({ columns: x }) => {
      const [first] = tf.split(x!, 2, 1) as [Tensor, Tensor];
      return new DiagonalGaussian(x!, tf.log(tf.concat([tf.add(first, 1), tf.fill([3, 1], 4)], 1)));
    });
    expect(Object.keys(values)).toEqual(["prior/means", scales]);
    expectClose(values["prior/means"]!, rows);
    const logVariances = [Math.log(26 / 3 + 5), Math.log(4)].map((each) => power * each);
    expectClose(values[scales]!, [logVariances, logVariances, logVariances]);
  });

  it("refuses a spread where it begins at posterior means, and posteriors without a mean", async () => {
    const written = (prior: object, posterior = "diagonal-gaussian") =>
      loadWritten({ model: { posterior, prior: { type: "gaussian-mixture", initialize: "data", ...prior } } });
    await written({ covariance: "full" }, "full-gaussian");
    await expect(written({ spread: 2 })).rejects.toThrow(/components begin at posterior means, so "spread" would have/);
    await expect(written({}, "flow")).rejects.toThrow(/needs a posterior with "mean", which posterior "flow" does not/);
    await expect(written({ components: 13 })).rejects.toThrow(
      /is initialized from 13 training examples, but there are 12/,
    );
  });

  it("begins as ten equal components of scale 1, their means scattered as asked", () => {
    const store = new ParameterStore();
    build(gaussianMixture, { spread: 2 }, priorContext(store, { latent: [400] }));
    const first = store.initialValues(1);
    expect(first["prior/means"]!.shape).toEqual([10, 400]);
    const squares = first["prior/means"]!.data.reduce((sum, value) => sum + value * value, 0) / 4000;
    // Variance 4, five standard errors of 4,000 draws.
    expect(Math.abs(squares / 4 - 1)).toBeLessThan(0.112);
    for (const name of ["logits", "log-variances"]) expect(new Set(first[`prior/${name}`]!.data)).toEqual(new Set([0]));
  });
});
