import { beforeAll, expect, it } from "vitest";
import { laplace } from "../../../src/models/posteriors/index.js";
import { ParameterStore } from "../../../src/tensor/parameters.js";
import { calling } from "../../support/calls.js";
import { build } from "../../support/components.js";
import { useEngine } from "../../support/engine.js";
import { expectClose, tensorOf } from "../../support/tensors.js";

beforeAll(async () => {
  await useEngine();
});

it("has a linear location and log-scale of the features", () => {
  const store = new ParameterStore();
  const parameters = store.scope("posterior");
  const posterior = build(laplace, {}, { features: { features: [2] }, latent: [2], parameters });
  const bindings = {
    "posterior/location/weights": tensorOf([
      [1, 2],
      [3, 4],
    ]),
    "posterior/location/bias": tensorOf([0.5, 0]),
    "posterior/log-scale/weights": tensorOf([
      [0, 1],
      [1, 0],
    ]),
    "posterior/log-scale/bias": tensorOf([0, -1]),
  };
  expect(store.parameters.map(({ name }) => name)).toEqual(Object.keys(bindings));
  const maps = { features: tensorOf([[1, 2]]) };
  const q = store.bind(bindings, () => posterior.at(maps, { parents: {}, call: calling() }));
  expectClose(q.mean!(), [[7.5, 10]]);
  // Twice the squared scale: exp(2) and exp(0).
  expectClose(q.variance!(), [[2 * Math.exp(4), 2]]);
});
