/** p(z) of zeros and ones: fair, learned, or from its parents. */
import { beforeAll, test } from "vitest";
import { bernoulli } from "../../src/priors/bernoulli.js";
import { ParameterStore } from "../../src/tensor/parameters.js";
import { tf } from "../../src/tensor/tensor.js";
import { build } from "../support/components.js";
import { useEngine } from "../support/engine.js";
import { expectClose, tensorOf } from "../support/tensors.js";
import { priorContext, withoutEncoder } from "./calls.js";

beforeAll(async () => {
  await useEngine();
});

test("is fair, or has learned probabilities, and the variances p (1 - p)", () => {
  const fair = build(bernoulli, {}, priorContext(new ParameterStore())).at(withoutEncoder);
  expectClose(fair.mean!(), [0.5, 0.5, 0.5], 1e-6);
  const store = new ParameterStore();
  const prior = build(bernoulli, { probabilities: "learned" }, priorContext(store));
  const p = store.bind({ "prior/logits": tensorOf([0, Math.log(4), -Math.log(3)]) }, () => prior.at(withoutEncoder));
  expectClose(p.mean!(), [0.5, 0.8, 0.25], 1e-6);
  expectClose(p.variance!(), [0.25, 0.16, 0.1875], 1e-6);
  expectClose(p.mode!(), [0, 1, 0]);
});

test("changes with its parents", () => {
  const store = new ParameterStore();
  const prior = build(bernoulli, {}, priorContext(store, { latent: [2], parents: { c: [1] } }));
  const bindings = Object.fromEntries(
    store.parameters.map(({ name, shape }) => [
      name,
      name.endsWith("weights") ? tensorOf([[0, Math.log(3)]]) : tf.zeros([...shape]),
    ]),
  );
  const p = store.bind(bindings, () => prior.at({ ...withoutEncoder, parents: { c: tensorOf([[0], [1]]) } }));
  expectClose(
    p.mean!(),
    [
      [0.5, 0.5],
      [0.5, 0.75],
    ],
    1e-6,
  );
});
