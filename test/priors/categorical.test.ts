/** p(z) of a category: uniform, as often as labels were seen, learned, or from its parents. */
import { beforeAll, expect, test } from "vitest";
import { categorical } from "../../src/priors/categorical.js";
import { ParameterStore } from "../../src/tensor/parameters.js";
import { type Tensor, tf } from "../../src/tensor/tensor.js";
import { build } from "../support/components.js";
import { useEngine } from "../support/engine.js";
import { expectClose, tensorOf } from "../support/tensors.js";
import { priorContext, withoutEncoder } from "./calls.js";

beforeAll(async () => {
  await useEngine();
});

const probabilities = (how: string, counts?: number[]): Tensor => {
  const store = new ParameterStore();
  const context = priorContext(store, {
    latent: [3],
    ...(counts && { labels: () => ({ counts, size: 20 }) }),
  });
  const prior = build(categorical, { probabilities: how, hidden: [], activation: "relu" }, context);
  const bindings = Object.fromEntries(store.parameters.map(({ name }) => [name, tensorOf([0, Math.log(2), 0])]));
  return store.bind(bindings, () => prior.at(withoutEncoder).mean!());
};

test("is uniform, or learned", () => {
  expectClose(probabilities("uniform"), [1 / 3, 1 / 3, 1 / 3], 1e-6);
  expectClose(probabilities("learned"), [0.25, 0.5, 0.25], 1e-6);
});

test("counts one more of each label: one that no example has is rare, not impossible", () => {
  expectClose(probabilities("empirical", [6, 3, 1]), [7 / 13, 4 / 13, 2 / 13], 1e-6);
  expect(() => probabilities("empirical")).toThrow(/the latent stands for no label/);
});

test("changes with its parents", () => {
  const store = new ParameterStore();
  const context = priorContext(store, { latent: [2], parents: { c: [1] } });
  const prior = build(categorical, { probabilities: "uniform", hidden: [], activation: "relu" }, context);
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
      [0.25, 0.75],
    ],
    1e-6,
  );
});
