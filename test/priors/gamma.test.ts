import { beforeAll, describe, expect, it } from "vitest";
import { gamma } from "../../src/priors/index.js";
import { ParameterStore } from "../../src/tensor/parameters.js";
import { tf } from "../../src/tensor/tensor.js";
import { build, initialBindings } from "../support/components.js";
import { useEngine } from "../support/engine.js";
import { expectClose, tensorOf } from "../support/tensors.js";
import { priorContext, withoutEncoder } from "./calls.js";

beforeAll(async () => {
  await useEngine();
});

describe("the gamma prior", () => {
  it("has a given concentration and rate in every dimension, and learns nothing", () => {
    const store = new ParameterStore();
    const p = build(gamma, { concentration: 2, rate: 3 }, priorContext(store, { latent: [2] })).at(withoutEncoder);
    expect([p.batchShape, p.eventShape, store.parameters]).toEqual([[], [2], []]);
    // 9 z exp(-3 z).
    expectClose(p.logProb(tensorOf([[1, 0.5]])), [2 * Math.log(9) + Math.log(0.5) - 4.5]);
    expectClose(p.mean!(), [2 / 3, 2 / 3]);
    expectClose(p.variance!(), [2 / 9, 2 / 9]);
  });

  it("depends on its parents if it is conditioned, and begins at its concentration and rate", () => {
    const store = new ParameterStore();
    const context = priorContext(store, { latent: [2], parents: { c: [1] } });
    const prior = build(gamma, { concentration: 2, rate: 4 }, context);
    const parents = { c: tensorOf([[1], [2]]) };
    const at = (bindings: Record<string, ReturnType<typeof tf.zeros>>) =>
      store.bind(bindings, () => prior.at({ ...withoutEncoder, parents }));
    const initial = at(initialBindings(store));
    expectClose(initial.mean!(), tf.fill([2, 2], 1 / 2).arraySync() as never);
    expectClose(initial.variance!(), tf.fill([2, 2], 1 / 8).arraySync() as never);
    const moved = at({
      "prior/log-mean/weights": tensorOf([[1, 0]]),
      "prior/log-mean/bias": tf.zeros([2]),
      "prior/log-concentration/weights": tensorOf([[0, 1]]),
      "prior/log-concentration/bias": tf.zeros([2]),
    });
    expectClose(moved.mean!(), [
      [Math.exp(1) / 2, 1 / 2],
      [Math.exp(2) / 2, 1 / 2],
    ]);
    expectClose(moved.variance!(), [
      [Math.exp(2) / 8, Math.exp(-1) / 8],
      [Math.exp(4) / 8, Math.exp(-2) / 8],
    ]);
  });
});
