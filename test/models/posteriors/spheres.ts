/** What the posteriors on a sphere take from the features of the encoder. */
import { expect, it } from "vitest";
import type { PowerSpherical, VonMisesFisher } from "../../../src/distributions/index.js";
import type { powerSpherical, vonMisesFisher } from "../../../src/models/posteriors/index.js";
import { ParameterStore } from "../../../src/tensor/parameters.js";
import { tf } from "../../../src/tensor/tensor.js";
import { calling } from "../../support/calls.js";
import { build } from "../../support/components.js";
import { expectClose, tensorOf } from "../../support/tensors.js";

export const readsTheFeatures = (
  definition: typeof vonMisesFisher | typeof powerSpherical,
  made: typeof VonMisesFisher | typeof PowerSpherical,
): void => {
  it("has the direction of a linear function of the features, and D times a softplus as its concentration", () => {
    const store = new ParameterStore();
    const parameters = store.scope("q");
    const posterior = build(definition, {}, { features: { features: [2] }, latent: [3], parameters });
    const bindings = {
      "q/direction/weights": tensorOf([
        [3, 0, 0],
        [0, 0, 4],
      ]),
      "q/direction/bias": tf.zeros([3]),
      "q/concentration/weights": tensorOf([[0.5], [1]]),
      "q/concentration/bias": tensorOf([-1]),
    };
    expect(store.parameters.map(({ name }) => name)).toEqual(Object.keys(bindings));
    const maps = { features: tensorOf([[1, 1]]) };
    const q = store.bind(bindings, () => posterior.at(maps, { parents: {}, call: calling() }));
    expect(q).toBeInstanceOf(made);
    expect([q.batchShape, q.eventShape]).toEqual([[1], [3]]);
    expectClose(q.center!(), [[0.6, 0, 0.8]]);
    const expected = new made(tensorOf([[0.6, 0, 0.8]]), tensorOf([3 * Math.log1p(Math.exp(0.5))]));
    expectClose(q.mean!(), expected.mean().arraySync() as never);
  });

  it("has a concentration for each sphere of a product", () => {
    const store = new ParameterStore();
    const parameters = store.scope("q");
    build(definition, {}, { features: { features: [2] }, latent: [5, 3], parameters });
    expect(store.parameters.map(({ name, shape }) => [name, shape])).toEqual([
      ["q/direction/weights", [2, 15]],
      ["q/direction/bias", [15]],
      ["q/concentration/weights", [2, 5]],
      ["q/concentration/bias", [5]],
    ]);
  });
};
