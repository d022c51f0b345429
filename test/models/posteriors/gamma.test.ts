import { expect, it } from "vitest";
import { gamma } from "../../../src/models/posteriors/index.js";
import { ParameterStore } from "../../../src/tensor/parameters.js";
import { loadWritten } from "../../../src/testing/experiment.js";
import { calling } from "../../support/calls.js";
import { build } from "../../support/components.js";
import { useEngine } from "../../support/engine.js";
import { expectClose, tensorOf } from "../../support/tensors.js";

it("has a log-linear mean of the features, and a concentration above its floor", async () => {
  await useEngine();
  const store = new ParameterStore();
  const context = { features: { features: [2] }, latent: [2], parameters: store.scope("posterior") };
  const posterior = build(gamma, { floor: 0.5 }, context);
  const bindings = {
    "posterior/log-mean/weights": tensorOf([
      [1, 0],
      [0, -0.5],
    ]),
    "posterior/log-mean/bias": tensorOf([0.5, 0]),
    "posterior/concentration/weights": tensorOf([
      [0, -100],
      [0, 0],
    ]),
    "posterior/concentration/bias": tensorOf([Math.log(Math.expm1(1.5)), 0]),
  };
  expect(store.parameters.map(({ name }) => name)).toEqual(Object.keys(bindings));
  const maps = { features: tensorOf([[1, 2]]) };
  const q = store.bind(bindings, () => posterior.at(maps, { parents: {}, call: calling() }));
  expectClose(q.mean!(), [[Math.exp(1.5), Math.exp(-1)]]);
  // The squared mean over k: k is 2, and its floor.
  expectClose(q.variance!(), [[Math.exp(3) / 2, Math.exp(-2) / 0.5]]);
});

it("refuses a floor at which draws would underflow", async () => {
  const model = { posterior: { type: "gamma", floor: 0.01 }, prior: "gamma" };
  await expect(loadWritten({ model })).rejects.toThrow(/\/model\/posterior\/floor/);
});
