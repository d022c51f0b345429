import { beforeAll, describe, expect, it } from "vitest";
import { wrappedNormal } from "../../src/priors/index.js";
import { ParameterStore } from "../../src/tensor/parameters.js";
import { tf } from "../../src/tensor/tensor.js";
import { build, initialBindings } from "../support/components.js";
import { useEngine } from "../support/engine.js";
import { expectClose, tensorOf } from "../support/tensors.js";
import { priorContext, withoutEncoder } from "./calls.js";

beforeAll(async () => {
  await useEngine();
});

describe("the wrapped normal prior", () => {
  it("lies around the origin with a given scale, and learns nothing", () => {
    const store = new ParameterStore();
    const p = build(wrappedNormal, { scale: 0.5 }, priorContext(store, { latent: [2] })).at(withoutEncoder);
    expect([p.batchShape, p.eventShape, store.parameters]).toEqual([[], [2], []]);
    // At the distance r = 2 artanh |z|: -ln 2 pi - 2 ln s - r^2 / (2 s^2) - ln(sinh r / r).
    const r = 2 * Math.atanh(0.5);
    const expected = -Math.log(2 * Math.PI) + 2 * Math.LN2 - 2 * r * r - Math.log(Math.sinh(r) / r);
    expectClose(p.logProb(tensorOf([[0.3, -0.4]])), [expected]);
  });

  it("depends on its parents if it is conditioned, and begins at the origin and its scale", () => {
    const store = new ParameterStore();
    const prior = build(wrappedNormal, { scale: 0.5 }, priorContext(store, { latent: [2], parents: { c: [1] } }));
    const parents = { c: tensorOf([[1], [2]]) };
    const z = tensorOf([0.3, -0.4]);
    const alone = build(wrappedNormal, { scale: 0.5 }, priorContext(new ParameterStore(), { latent: [2] }));
    const initial = store.bind(initialBindings(store), () => prior.at({ ...withoutEncoder, parents }));
    expect(initial.batchShape).toEqual([2]);
    const [expected] = alone.at(withoutEncoder).logProb(tf.expandDims(z, 0)).dataSync();
    expectClose(initial.logProb(z), [expected!, expected!]);
    const moved = store.bind({ ...initialBindings(store), "prior/location/weights": tensorOf([[0.2, 0]]) }, () =>
      prior.at({ ...withoutEncoder, parents }),
    );
    // 6 tanh(d / 6) from the origin, d = 0.2 and 0.4.
    expectClose(
      moved.center!(),
      [0.2, 0.4].map((d) => [Math.tanh(3 * Math.tanh(d / 6)), 0]),
    );
  });
});
