/** Codes that depend on those before them, alone and under a posterior with codebooks. */
import { beforeAll, describe, expect, test } from "vitest";
import type { Engine } from "../../src/engine/engine.js";
import { autoregressive } from "../../src/priors/autoregressive.js";
import { ParameterStore } from "../../src/tensor/parameters.js";
import { type Scalar, tf } from "../../src/tensor/tensor.js";
import { loadWritten, setUp } from "../../src/testing/experiment.js";
import { assertCapturedLikeEager } from "../../src/testing/steps.js";
import { computed } from "../contracts/support/programs.js";
import { calling } from "../support/calls.js";
import { build, initialBindings, parameterGradients } from "../support/components.js";
import { useEngine } from "../support/engine.js";
import { noiseOf, tensorOf, valuesOf } from "../support/tensors.js";
import { priorContext, withoutEncoder } from "./calls.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

test("learns what a prior of independent codes cannot: three bits, of which the last is the parity of the others", () => {
  const store = new ParameterStore();
  const prior = build(autoregressive, { hidden: [16, 16] }, priorContext(store, { latent: [3, 2] }));
  const bits = [0, 1, 2, 3].map((i) => [i & 1, i >> 1, (i & 1) ^ (i >> 1)]);
  const data = tensorOf(bits.map((row) => row.map((bit) => [1 - bit, bit])));
  let bindings = initialBindings(store);
  const loss = (): Scalar => tf.neg<Scalar>(tf.mean<Scalar>(prior.at(withoutEncoder).logProb(data)));
  for (let step = 0; step < 300; step++) {
    const gradients = parameterGradients(store, bindings, loss);
    bindings = Object.fromEntries(
      Object.entries(bindings).map(([name, value]) => [name, tf.sub(value, tf.mul(0.3, gradients[name]!))]),
    );
  }
  // Independent bits have 3 ln 2 nats, these 2 ln 2.
  const nats = store.bind(bindings, () => valuesOf(loss())[0]!);
  expect(nats).toBeLessThan(2 * Math.LN2 + 0.02);
  const drawn = store.bind(bindings, () => prior.at(withoutEncoder).sample(noiseOf(engine), "z", [500]));
  const rows = valuesOf(tf.argMax(drawn, -1));
  const odd = Array.from({ length: 500 }, (_, i) => (rows[3 * i]! + rows[3 * i + 1]! + rows[3 * i + 2]!) % 2);
  expect(odd.filter(Boolean).length).toBeLessThan(25);
});

describe("a spec", () => {
  const codes = (z: object, more: object = {}) =>
    loadWritten({ model: { latents: { z: { shape: [4, 3], prior: "autoregressive", ...z } }, ...more } });

  test("has it under codes, conditioned on a label, in training and in generation", async () => {
    const heads = [{ type: "conditional", on: "label", prior: true }];
    const made = await setUp(await codes({ posterior: { type: "vector-quantized", codes: 5 } }, { heads }));
    assertCapturedLikeEager(engine, made);
    const { model, store, initialValues } = made.assembled;
    const label = { shape: [7], data: Float32Array.from([0, 1, 2, 0, 1, 2, 0]) };
    const { z } = computed(engine, store, initialValues, { fields: { label } }, ({ fields }, noise) => ({
      ...model.samplePrior(7, calling(noise), fields),
    }));
    expect(z!.shape).toEqual([7, 4, 3]);
  });

  test("has it under straight-through draws, and is refused under relaxed ones", async () => {
    const posterior = (straightThrough: boolean) => ({ posterior: { type: "gumbel-softmax", straightThrough } });
    const made = await setUp(await codes(posterior(true)));
    assertCapturedLikeEager(engine, made);
    await expect(codes(posterior(false))).rejects.toMatchObject({
      code: "SPEC_COMBINATION",
      message: expect.stringContaining('the prior "autoregressive" needs a posterior with "discrete"'),
    });
  });
});
