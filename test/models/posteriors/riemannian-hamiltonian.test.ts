import { beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../../../src/engine/engine.js";
import { hamiltonian, riemannianHamiltonian } from "../../../src/models/posteriors/index.js";
import type { Fields } from "../../../src/tensor/fields.js";
import { type Bindings, ParameterStore } from "../../../src/tensor/parameters.js";
import { type Tensor, tf } from "../../../src/tensor/tensor.js";
import { loadWritten, setUp } from "../../../src/testing/experiment.js";
import { assertAllFinite, runEagerly } from "../../../src/testing/steps.js";
import { calling } from "../../support/calls.js";
import { build, initialBindings } from "../../support/components.js";
import { useEngine } from "../../support/engine.js";
import { expectClose, expectGradient, noiseOf, tensorOf, valuesOf } from "../../support/tensors.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

const DYNAMICS = { steps: 3, stepSize: 0.1, inverseTemperature: 0.5 };
const EXAMPLES = [0.3, -0.6, 1.2];
/** The one feature is the example itself. */
const encode = ({ x }: Fields) => ({ features: x! });
const logJoint = (z: Tensor): Tensor => tf.neg(tf.sum(tf.softplus(tf.square(tf.sub(z, 0.5))), 1));

const contextOf = (store: ParameterStore, examples: readonly number[]) => ({
  features: { features: [1] },
  latent: [2],
  parameters: store.scope("posterior"),
  inputs: { x: { kind: "vector", support: "real", shape: [1] } } as const,
  examples: () => ({ x: Float32Array.from(examples) }),
});
const means = (): Bindings => ({
  "posterior/mean/weights": tensorOf([[1, -1]]),
  "posterior/mean/bias": tensorOf([0.2, -0.1]),
});

/** q at two examples. */
const riemannian = (fields: object, examples: readonly number[], bindings: Bindings) => {
  const store = new ParameterStore();
  const given = { landmarks: examples.length, ...DYNAMICS, ...fields };
  const posterior = build(riemannianHamiltonian, given, contextOf(store, examples));
  const call = { ...calling(), noise: noiseOf(engine) };
  return store.bind({ ...initialBindings(store), ...means(), ...bindings }, () =>
    posterior.at({ features: tensorOf([[1], [0.4]]) }, { parents: {}, call, encode, logJoint }),
  );
};

describe("the Riemannian Hamiltonian posterior", () => {
  it("gives ln sqrt|G| of one landmark, and its gradient", () => {
    // G^-1 = (exp(-|z - c|^2 / T^2) + lambda) I: a landmark at c with L = I.
    const flat = {
      "posterior/metric/log-diagonal/weights": tf.zeros([1, 2]),
      "posterior/metric/log-diagonal/bias": tf.zeros([2]),
      "posterior/metric/below-diagonal/weights": tf.zeros([1, 1]),
      "posterior/metric/below-diagonal/bias": tf.zeros([1]),
    };
    const q = riemannian({ temperature: 1.5, regularization: 0.1 }, [0.3], flat);
    const [c, z] = [
      [0.5, -0.4],
      [1.1, 0.2],
    ] as const;
    const weight = Math.exp(-((z[0] - c[0]) ** 2 + (z[1] - c[1]) ** 2) / 1.5 ** 2);
    const { value, gradient } = q.logVolume!(tensorOf([[...z]]));
    expectClose(value, [-Math.log(weight + 0.1)], 1e-5);
    const pull = (2 * weight) / (1.5 ** 2 * (weight + 0.1));
    expectClose(gradient, [[pull * (z[0] - c[0]), pull * (z[1] - c[1])]], 1e-5);
  });

  it("is the Hamiltonian one where landmarks are far and the inverse metric is 1", () => {
    const flat = { "posterior/metric/log-diagonal/weights": tf.zeros([1, 2]) };
    const spread = { "posterior/log-variance/weights": tensorOf([[0.2, 0.1]]) };
    const far = riemannian({ regularization: 1 }, [1e3, -1e3], { ...flat, ...spread });
    const store = new ParameterStore();
    const posterior = build(hamiltonian, DYNAMICS, contextOf(store, []));
    const call = { ...calling(), noise: noiseOf(engine) };
    const near = store.bind({ ...initialBindings(store), ...means(), ...spread }, () =>
      posterior.at({ features: tensorOf([[1], [0.4]]) }, { parents: {}, call, logJoint }),
    );
    const [one, other] = [far, near].map((q) => q.sampleAndLogProb(noiseOf(engine, 3), "z", [4]));
    expectClose(one!.value, other!.value.arraySync() as number[][][], 1e-5);
    expectClose(one!.logProb, other!.logProb.arraySync() as number[][], 1e-5);
    const curved = riemannian({ regularization: 1 }, EXAMPLES, spread).sample(noiseOf(engine, 3), "z", [4]);
    expect(Math.max(...valuesOf(tf.abs(tf.sub(curved, other!.value))))).toBeGreaterThan(0.1);
  });

  it("has a gradient in the metric network and in the centroids", () => {
    const loss = (name: string) => (x: Tensor) => {
      const { value, logProb } = riemannian({ steps: 2 }, EXAMPLES, { [name]: x }).sampleAndLogProb(
        noiseOf(engine, 2),
        "z",
        [],
      );
      return tf.add(tf.mean(logProb), tf.mean(tf.square(value)));
    };
    for (const [name, at] of [
      ["posterior/metric/log-diagonal/bias", [0.2, -0.3]],
      ["posterior/metric/below-diagonal/bias", [0.4]],
      ["posterior/mean/bias", [0.1, 0.2]],
    ] as const) {
      const gradient = expectGradient(loss(name), tensorOf(at));
      expect(Math.max(...valuesOf(tf.abs(gradient)))).toBeGreaterThan(1e-3);
    }
  });
});

describe("a spec with a Riemannian Hamiltonian posterior", () => {
  const posterior = { type: "riemannian-hamiltonian", landmarks: 5, steps: 1, iterations: 2 };
  const load = (model: object = {}) => loadWritten({ model: { posterior, ...model } });

  it("trains landmarks neither as parameters nor by assignment", async () => {
    const set = await setUp(await load());
    const landmarks = set.assembled.store.parameters.filter(({ name }) => name.includes("landmarks"));
    expect(landmarks.map(({ shape, trainable }) => [shape[0], trainable])).toEqual([[5, false]]);
    const { name } = landmarks[0]!;
    const { state } = runEagerly(engine.noise, set, [0, 1]);
    expect(Array.from(state[name]!.data)).toEqual(Array.from(set.assembled.initialValues[name]!.data));
  });

  it("refuses other values than real ones, drawn parents, and more landmarks than examples", async () => {
    await expect(load({ prior: "hypersphere-uniform" })).rejects.toThrow(/riemannian-hamiltonian.*real/s);
    await expect(load({ prior: "categorical" })).rejects.toThrow(/riemannian-hamiltonian.*real/s);
    await expect(load({ prior: "vamp" })).rejects.toThrow(/"evaluable"/);
    await expect(load({ posterior: { ...posterior, landmarks: 13 } })).rejects.toThrow(
      /\/model\/posterior {2}the posterior "riemannian-hamiltonian" is initialized from 13 training examples, but there are 12/,
    );
    const latents = { z: { size: 2, posterior, inferredFrom: ["x", "other"] }, other: { size: 2 } };
    await expect(loadWritten({ model: { latents } })).rejects.toThrow(
      /\/model\/latents\/z\/posterior {2}.*features depend on the latent "other", which has no value there/,
    );
  });

  it("encodes landmarks with their labels where q is conditioned on a label that is summed over", async () => {
    const label = { observed: "label", enumerate: true, posterior: "categorical", prior: "categorical" };
    const latents = { z: { size: 2, posterior, inferredFrom: ["x", "y"] }, y: label };
    const set = await setUp(await loadWritten({ model: { latents } }));
    const landmarks = set.assembled.store.parameters.filter(({ name }) => name.includes("landmarks/"));
    expect(landmarks.map(({ name }) => name.split("/").at(-1))).toEqual(["x", "y"]);
    assertAllFinite(runEagerly(engine.noise, set, [0]).state);
  });
});
