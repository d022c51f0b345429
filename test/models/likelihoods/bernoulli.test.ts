import { beforeAll, describe, expect, it } from "vitest";
import { bernoulli } from "../../../src/models/likelihoods/index.js";
import { capabilitiesOf } from "../../../src/registry/checking/capabilities.js";
import type { Support } from "../../../src/tensor/fields.js";
import { ParameterStore } from "../../../src/tensor/parameters.js";
import { tf } from "../../../src/tensor/tensor.js";
import fixtures from "../../fixtures/distributions.json" with { type: "json" };
import { calling } from "../../support/calls.js";
import { build } from "../../support/components.js";
import { useEngine } from "../../support/engine.js";
import { expectClose, tensorOf } from "../../support/tensors.js";

beforeAll(async () => {
  await useEngine();
});
const image = (support: Support) => ({ kind: "image", shape: [3, 3, 1], support }) as const;

describe("the Bernoulli likelihood", () => {
  it("sums SciPy's log-probabilities over an image, one logit a pixel", () => {
    const store = new ParameterStore();
    const likelihood = build(bernoulli, {}, { field: image("binary"), parameters: store.scope("likelihood") });
    expect([likelihood.outputs, store.parameters]).toEqual([[3, 3, 1], []]);
    const { logits, value, logProb } = fixtures.bernoulli;
    const parameters = tf.tile(tf.reshape(tensorOf(logits), [1, 1, 3, 3, 1]), [2, 3, 1, 1, 1]);
    const pixels = tf.tile(tf.reshape(tensorOf(value), [3, 1, 1, 1]), [1, 3, 3, 1]);
    const x = likelihood.at(parameters, calling());
    expect([x.batchShape, x.eventShape]).toEqual([
      [2, 3],
      [3, 3, 1],
    ]);
    const sums = logProb.map((row) => row.reduce((sum, element) => sum + element, 0));
    expectClose(x.logProb(pixels), [sums, sums], 1e-6);
  });

  it("refuses gray values unless they are named, and everything else", () => {
    const refusal = (support: Support, allowGray: boolean): string | undefined =>
      bernoulli.refuses?.({ type: "bernoulli", allowGray }, image(support));
    expect(refusal("binary", false)).toBeUndefined();
    expect(refusal("unit", true)).toBeUndefined();
    expect(refusal("unit", false)).toBe(
      'a Bernoulli is not a density over gray values: binarize the data, set "allowGray": true, or use the gaussian likelihood',
    );
    expect(refusal("real", true)).toBe(
      'a Bernoulli needs values in {0, 1}, but the field has support "real": use the gaussian likelihood',
    );
    expect(capabilitiesOf({ definition: bernoulli, fields: { type: "bernoulli", allowGray: false } })).toEqual([
      "density",
    ]);
    expect(capabilitiesOf({ definition: bernoulli, fields: { type: "bernoulli", allowGray: true } })).toEqual([]);
  });
});
