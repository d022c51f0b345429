import { beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../../../src/engine/engine.js";
import { hamiltonian } from "../../../src/models/posteriors/index.js";
import { ParameterStore } from "../../../src/tensor/parameters.js";
import { type Tensor, tf } from "../../../src/tensor/tensor.js";
import { loadWritten } from "../../../src/testing/experiment.js";
import { calling } from "../../support/calls.js";
import { build } from "../../support/components.js";
import { useEngine } from "../../support/engine.js";
import { expectGradient, noiseOf, tensorOf } from "../../support/tensors.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

describe("the Hamiltonian posterior", () => {
  const store = new ParameterStore();
  const context = { features: { features: [1] }, latent: [2], parameters: store.scope("posterior") };
  const posterior = build(hamiltonian, { steps: 3, stepSize: 0.1, inverseTemperature: 0.5 }, context);
  const bindings = () => ({
    "posterior/mean/weights": tensorOf([[1, -1]]),
    "posterior/log-variance/weights": tensorOf([[0.2, 0.1]]),
    "posterior/log-variance/bias": tensorOf([0, 0]),
    "posterior/step-size": tensorOf([-1, -2]),
    "posterior/inverse-temperature": tf.scalar(0.3),
  });
  const at = (bias: Tensor, logJoint?: (z: Tensor) => Tensor) => {
    const call = { ...calling(), noise: noiseOf(engine) };
    return store.bind({ ...bindings(), "posterior/mean/bias": bias }, () =>
      posterior.at({ features: tf.ones([2, 1]) }, { parents: {}, call, ...(logJoint && { logJoint }) }),
    );
  };

  it("differentiates through the gradient of ln p(x, z), of a network too", () => {
    const weights = tensorOf([
      [0.5, -1],
      [1, 0.3],
    ]);
    const logJoint = (z: Tensor): Tensor =>
      tf.sum(tf.sub(tf.neg(tf.softplus(tf.tanh(tf.matMul(z as never, weights as never)))), tf.square(z)), 1);
    expectGradient(
      (bias) => {
        const { value, logProb } = at(bias, logJoint).sampleAndLogProb(noiseOf(engine, 2), "z", [3]);
        return tf.add(tf.sum(logProb), tf.sum(tf.square(value)));
      },
      tensorOf([0.2, -0.3]),
    );
  });

  it("has no q without a likelihood", () => {
    expect(() => at(tensorOf([0, 0]))).toThrow(/where there is no likelihood/);
  });

  const refusalOf = async (model: object): Promise<string> => {
    try {
      await loadWritten({ model });
      return "";
    } catch (error) {
      return String((error as Error).message);
    }
  };
  it("is refused where ln p(x, z) is not known", async () => {
    const z = { size: 2, posterior: "hamiltonian" };
    expect(await refusalOf({ latents: { z, other: { size: 2 } } })).toMatch(
      /\/model\/latents\/z.*needs the values of all other latents, and "other" is inferred apart from it. Add "other" to its "inferredFrom"/,
    );
    expect(await refusalOf({ latents: { z: { ...z, inferredFrom: ["x", "other"] }, other: { size: 2 } } })).toBe("");
    expect(await refusalOf({ posterior: { type: "flow", base: "hamiltonian" } })).toMatch(
      /\/model\/posterior\/base.*which the posterior "flow" changes/,
    );
    expect(await refusalOf({ posterior: "hamiltonian", prior: "vamp" })).toMatch(/"evaluable"/);
  });
});
