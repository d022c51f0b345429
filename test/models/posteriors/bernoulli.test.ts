/** q(z | x) of bits: its logits are those of one dense layer, and its draws zeros and ones in training too. */
import { beforeAll, expect, test } from "vitest";
import type { Engine } from "../../../src/engine/engine.js";
import { bernoulli } from "../../../src/models/posteriors/bernoulli.js";
import { ParameterStore } from "../../../src/tensor/parameters.js";
import { tf } from "../../../src/tensor/tensor.js";
import { calling } from "../../support/calls.js";
import { build } from "../../support/components.js";
import { useEngine } from "../../support/engine.js";
import { expectClose, noiseOf, tensorOf, valuesOf } from "../../support/tensors.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

test("draws bits by the logistic function of a dense layer, in training", () => {
  const store = new ParameterStore();
  const posterior = build(bernoulli, {}, { features: { features: [2] }, latent: [2], parameters: store.scope("q") });
  const bindings = {
    "q/logits/weights": tensorOf([
      [1, 0],
      [0.5, -1],
    ]),
    "q/logits/bias": tensorOf([0, 1]),
  };
  const call = calling(noiseOf(engine), true);
  const q = store.bind(bindings, () => posterior.at({ features: tensorOf([[1, 2]]) }, { parents: {}, call }));
  // The logits 2 and -1.
  const expected = [1 / (1 + Math.exp(-2)), 1 / (1 + Math.exp(1))];
  expectClose(q.mean!(), [expected], 1e-6);
  const draws = q.sample(noiseOf(engine), "z", [4000]);
  for (const value of valuesOf(draws)) expect([0, 1]).toContain(value);
  // Four standard errors are below 0.031.
  for (const [d, share] of valuesOf(tf.mean(draws, 0)).entries())
    expect(Math.abs(share - expected[d]!)).toBeLessThan(0.031);
});
