import { beforeAll, describe, expect, it } from "vitest";
import { laplace } from "../../src/priors/index.js";
import { ParameterStore } from "../../src/tensor/parameters.js";
import { tf } from "../../src/tensor/tensor.js";
import { build, initialBindings } from "../support/components.js";
import { useEngine } from "../support/engine.js";
import { expectClose, tensorOf } from "../support/tensors.js";
import { priorContext, withoutEncoder } from "./calls.js";

beforeAll(async () => {
  await useEngine();
});

describe("the Laplace prior", () => {
  it("has a given scale in every dimension, and learns nothing", () => {
    const store = new ParameterStore();
    const p = build(laplace, { scale: 0.5 }, priorContext(store, { latent: [3] })).at(withoutEncoder);
    expect([p.batchShape, p.eventShape, store.parameters]).toEqual([[], [3], []]);
    // ln(1 / (2 s)) - |z| / s, s = 1/2.
    expectClose(p.logProb(tensorOf([[1, -2, 0]])), [-6]);
    expectClose(p.variance!(), [0.5, 0.5, 0.5]);
  });

  it("depends on its parents if it is conditioned, and begins at its scale", () => {
    const store = new ParameterStore();
    const prior = build(laplace, { scale: 0.5 }, priorContext(store, { latent: [2], parents: { c: [1] } }));
    const parents = { c: tensorOf([[1], [2]]) };
    const at = (bindings: Record<string, ReturnType<typeof tf.zeros>>) =>
      store.bind(bindings, () => prior.at({ ...withoutEncoder, parents }));
    const initial = at(initialBindings(store));
    expectClose(initial.mean!(), [
      [0, 0],
      [0, 0],
    ]);
    expectClose(initial.variance!(), tf.fill([2, 2], 0.5).arraySync() as never);
    const moved = at({
      "prior/location/weights": tensorOf([[1, -1]]),
      "prior/location/bias": tf.zeros([2]),
      "prior/log-scale/weights": tensorOf([[0, 1]]),
      "prior/log-scale/bias": tf.zeros([2]),
    });
    expectClose(moved.mean!(), [
      [1, -1],
      [2, -2],
    ]);
    expectClose(moved.variance!(), [
      [0.5, 0.5 * Math.exp(2)],
      [0.5, 0.5 * Math.exp(4)],
    ]);
  });
});
