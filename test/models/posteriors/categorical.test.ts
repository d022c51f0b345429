/** q(z | x) of a category: its probabilities are the softmax of one dense layer. */
import { beforeAll, expect, test } from "vitest";
import type { Engine } from "../../../src/engine/engine.js";
import { categorical } from "../../../src/models/posteriors/categorical.js";
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

const posteriorOf = (latent: number[]) => {
  const store = new ParameterStore();
  const posterior = build(categorical, {}, { features: { features: [2] }, latent, parameters: store.scope("q") });
  const bindings = {
    "q/logits/weights": tensorOf([
      [1, 0, -1, 2],
      [0, 3, 1, 0],
    ]),
    "q/logits/bias": tensorOf([0, 0, 1, 0]),
  };
  return store.bind(bindings, () => posterior.at({ features: tensorOf([[1, 2]]) }, { parents: {}, call: calling() }));
};
/** Of the logits 1, 6, 2, 2. */
const softmax = (logits: readonly number[]): number[] => {
  const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
  return logits.map((logit) => Math.exp(logit) / total);
};

test("has the probabilities of a softmax, and enumerates its values", () => {
  const q = posteriorOf([4]);
  expectClose(
    tf.exp(q.logProb(q.enumerate!())),
    softmax([1, 6, 2, 2]).map((p) => [p]),
    1e-6,
  );
  expectClose(q.mean!(), [softmax([1, 6, 2, 2])], 1e-6);
});

test("has a variable for each row of its shape, each normalized", () => {
  const q = posteriorOf([2, 2]);
  expect([q.batchShape, q.eventShape, q.enumerate]).toEqual([[1], [2, 2], undefined]);
  expectClose(q.mean!(), [[softmax([1, 6]), softmax([2, 2])]], 1e-6);
  expectClose(q.mode!(), [
    [
      [0, 1],
      [1, 0],
    ],
  ]);
  const draws = q.sample(noiseOf(engine), "z", [500]);
  for (const sum of valuesOf(tf.sum(draws, -1))) expect(sum).toBe(1);
});
