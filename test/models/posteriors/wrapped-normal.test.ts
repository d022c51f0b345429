import { beforeAll, expect, it } from "vitest";
import { wrappedNormalOf } from "../../../src/distributions/ball/wrapped-normal.js";
import { wrappedNormal } from "../../../src/models/posteriors/index.js";
import { ParameterStore } from "../../../src/tensor/parameters.js";
import { tf } from "../../../src/tensor/tensor.js";
import { calling } from "../../support/calls.js";
import { build } from "../../support/components.js";
import { useEngine } from "../../support/engine.js";
import { expectClose, tensorOf } from "../../support/tensors.js";

beforeAll(async () => {
  await useEngine();
});

it("has a tangent vector of its center and log-scales that are linear functions of the features", () => {
  const store = new ParameterStore();
  const posterior = build(
    wrappedNormal,
    {},
    { features: { features: [2] }, latent: [2], parameters: store.scope("posterior") },
  );
  const bindings = {
    "posterior/location/weights": tensorOf([
      [1, 0],
      [0, 2],
    ]),
    "posterior/location/bias": tensorOf([0, -1]),
    "posterior/log-scale/weights": tensorOf([
      [0, 1],
      [1, 0],
    ]),
    "posterior/log-scale/bias": tensorOf([-1, 0]),
  };
  expect(store.parameters.map(({ name }) => name)).toEqual(Object.keys(bindings));
  const maps = { features: tensorOf([[0.5, 0.75]]) };
  const q = store.bind(bindings, () => posterior.at(maps, { parents: {}, call: calling() }));
  expect([q.batchShape, q.eventShape, q.mean]).toEqual([[1], [2], undefined]);
  const expected = wrappedNormalOf(tensorOf([[0.5, 0.5]]), tensorOf([[-0.25, 0.5]]), 1);
  expectClose(q.center!(), expected.center().arraySync() as never);
  expectClose(q.logProb(tf.zeros([2])), expected.logProb(tf.zeros([2])).arraySync() as never);
});
