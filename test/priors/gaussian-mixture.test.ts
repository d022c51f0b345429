import { beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../../src/engine/engine.js";
import { gaussianMixture } from "../../src/priors/index.js";
import { type Bindings, ParameterStore } from "../../src/tensor/parameters.js";
import { type Tensor, tf } from "../../src/tensor/tensor.js";
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
