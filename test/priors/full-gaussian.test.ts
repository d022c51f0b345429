import { beforeAll, describe, expect, it } from "vitest";
import type { FullGaussian } from "../../src/distributions/index.js";
import { fullGaussian } from "../../src/priors/index.js";
import { ParameterStore } from "../../src/tensor/parameters.js";
import { tf } from "../../src/tensor/tensor.js";
import { loadWritten } from "../../src/testing/experiment.js";
import { build, initialBindings } from "../support/components.js";
import { useEngine } from "../support/engine.js";
import { expectClose, tensorOf } from "../support/tensors.js";
import { priorContext, withoutEncoder } from "./calls.js";

beforeAll(async () => {
  await useEngine();
});

describe("the full Gaussian prior", () => {
  it("begins at N(0, I), and learns a mean and a factor", () => {
    const store = new ParameterStore();
    const prior = build(fullGaussian, {}, priorContext(store, { latent: [2, 2] }));
    expect(store.parameters.map(({ name, shape }) => [name, shape])).toEqual([
      ["prior/mean", [4]],
      ["prior/log-scale", [4]],
      ["prior/below-diagonal", [6]],
    ]);
    const p = store.bind(initialBindings(store), () => prior.at(withoutEncoder));
    expect([p.batchShape, p.eventShape]).toEqual([[], [2, 2]]);
    const z = tensorOf([
      [
        [1, 2],
        [-3, 1],
      ],
    ]);
    expectClose(p.logProb(z), [-2 * Math.log(2 * Math.PI) - 7.5]);
  });

  it("depends on its parents if it is conditioned", () => {
    const store = new ParameterStore();
    const prior = build(fullGaussian, {}, priorContext(store, { latent: [2], parents: { c: [1] } }));
    // With c: mean (c, 2 c), log-scales (0, c), and c below the diagonal.
    const bindings = {
      "prior/mean/weights": tensorOf([[1, 2]]),
      "prior/mean/bias": tensorOf([0, 0]),
      "prior/log-scale/weights": tensorOf([[0, 1]]),
      "prior/log-scale/bias": tensorOf([0, 0]),
      "prior/below-diagonal/weights": tensorOf([[1]]),
      "prior/below-diagonal/bias": tensorOf([0]),
    };
    expect(store.parameters.map(({ name }) => name)).toEqual(Object.keys(bindings));
    const parents = { c: tensorOf([[[0], [0.5], [-1]]]) };
    const p = store.bind(bindings, () => prior.at({ ...withoutEncoder, parents })) as FullGaussian;
    expect(p.batchShape).toEqual([1, 3]);
    expectClose(p.mean(), [
      [
        [0, 0],
        [0.5, 1],
        [-1, -2],
      ],
    ]);
    const variances = [0, 0.5, -1].map((c) => [1, Math.exp(2 * c) + c * c]);
    expectClose(p.variance(), [variances]);
    expect(p.logProb(tf.zeros([1, 3, 2])).shape).toEqual([1, 3]);
  });

  it("is a parent's child in a spec", async () => {
    const latents = { z1: { size: 3, generatedFrom: ["z2"], prior: "full-gaussian" }, z2: { size: 2 } };
    const { spec } = await loadWritten({ model: { latents } });
    expect(spec.model.latents?.z1?.prior?.type).toBe("full-gaussian");
  });
});
