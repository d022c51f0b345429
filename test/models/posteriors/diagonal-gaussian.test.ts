import { beforeAll, describe, expect, it } from "vitest";
import { DiagonalGaussian } from "../../../src/distributions/index.js";
import { diagonalGaussian } from "../../../src/models/posteriors/index.js";
import { capabilitiesOf } from "../../../src/registry/checking/capabilities.js";
import { ParameterStore } from "../../../src/tensor/parameters.js";
import { tf } from "../../../src/tensor/tensor.js";
import { calling } from "../../support/calls.js";
import { build } from "../../support/components.js";
import { useEngine } from "../../support/engine.js";
import { expectClose, tensorOf } from "../../support/tensors.js";

beforeAll(async () => {
  await useEngine();
});

describe("the diagonal Gaussian posterior", () => {
  it("has a linear mean and log-variance of the features", () => {
    const store = new ParameterStore();
    const parameters = store.scope("posterior");
    const posterior = build(diagonalGaussian, {}, { features: { features: [2] }, latent: [3], parameters });
    const bindings = {
      "posterior/mean/weights": tensorOf([
        [1, 2, 3],
        [4, 5, 6],
      ]),
      "posterior/mean/bias": tensorOf([0.5, 0, -0.5]),
      "posterior/log-variance/weights": tensorOf([
        [0, 1, 0],
        [1, 0, -1],
      ]),
      "posterior/log-variance/bias": tensorOf([0, 0, 2]),
    };
    expect(store.parameters.map(({ name }) => name)).toEqual(Object.keys(bindings));
    const maps = {
      features: tensorOf([
        [10, -1],
        [1, 2],
      ]),
    };
    const q = store.bind(bindings, () => posterior.at(maps, { parents: {}, call: calling() }));
    // What was returned holds tensors only: it can be read outside the step.
    expect([q.batchShape, q.eventShape]).toEqual([[2], [3]]);
    expectClose(q.mean!(), [
      [6.5, 15, 23.5],
      [9.5, 12, 14.5],
    ]);
    expect(q).toBeInstanceOf(DiagonalGaussian);
    expectClose((q as DiagonalGaussian).logVariance, [
      [-1, 10, 3],
      [2, 1, 0],
    ]);
  });

  it("takes a latent and features of any rank", () => {
    const store = new ParameterStore();
    const context = { features: { features: [2, 2] }, latent: [3, 1], parameters: store.scope("posterior") };
    const bindings = { mean: tf.ones([4, 3]), "log-variance": tf.zeros([4, 3]) };
    const all = Object.entries(bindings).flatMap(([name, weights]) => [
      [`posterior/${name}/weights`, weights] as const,
      [`posterior/${name}/bias`, tf.zeros([3])] as const,
    ]);
    const q = store.bind(Object.fromEntries(all), () =>
      build(diagonalGaussian, {}, context).at({ features: tf.ones([5, 2, 2]) }, { parents: {}, call: calling() }),
    );
    expect([q.batchShape, q.eventShape]).toEqual([[5], [3, 1]]);
    expectClose(q.mean!(), Array(5).fill([[4], [4], [4]]));
  });

  it("declares what it can do, and says when its encoder has no features", () => {
    expect([...capabilitiesOf({ definition: diagonalGaussian, fields: { type: "diagonal-gaussian" } })].sort()).toEqual(
      ["density", "evaluable", "factorized", "mean", "reparameterized"],
    );
    expect(() =>
      build(diagonalGaussian, {}, { features: { layers: [2] }, latent: [3], parameters: new ParameterStore().scope() }),
    ).toThrow('the encoder provides no "features" output');
  });
});
