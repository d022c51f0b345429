import { beforeAll, describe, expect, it } from "vitest";
import { builtins } from "../../src/builtins.js";
import type { Prior } from "../../src/contracts/prior.js";
import type { Engine } from "../../src/engine/engine.js";
import { bijectionShapes } from "../../src/experiments/training/build-model.js";
import { createBuilder } from "../../src/registry/components/build.js";
import { createCatalogue } from "../../src/registry/components/catalogue.js";
import { type Bindings, ParameterStore } from "../../src/tensor/parameters.js";
import { type Tensor, tf } from "../../src/tensor/tensor.js";
import { loadWritten, setUp } from "../../src/testing/experiment.js";
import { assertCapturedLikeEager } from "../../src/testing/steps.js";
import { calling } from "../support/calls.js";
import { useEngine } from "../support/engine.js";
import { expectClose, noiseOf, tensorOf } from "../support/tensors.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

describe("the flow prior", () => {
  it("is, after a linear coupling, the Gaussian with that covariance", async () => {
    const store = new ParameterStore();
    const layer = { type: "real-nvp", couplings: 1, hidden: [], activation: "tanh" };
    const prior: Prior = await createBuilder(createCatalogue(builtins)).build(
      "prior",
      { type: "flow", layers: [layer] },
      "/p",
      {
        prior: () => ({
          latent: [2],
          inputs: {},
          parameters: store.scope("p"),
          examples: () => ({}),
          exampleRows: () => new Int32Array(),
        }),
        bijection: (at) => ({ shape: [2], parameters: store.scope(at.slice(1)) }),
      },
    );
    // z_1 = u_1 + 2 u_2 + 1 and z_2 = u_2.
    const zeros = tensorOf([
      [0, 0],
      [0, 0],
    ]);
    const bindings = {
      "p/layers/0/coupling-0/shift/weights": tensorOf([
        [0, 0],
        [2, 0],
      ]),
      "p/layers/0/coupling-0/shift/bias": tensorOf([1, 0]),
      "p/layers/0/coupling-0/scale/weights": zeros,
      "p/layers/0/coupling-0/scale/bias": tensorOf([0, 0]),
    };
    const encode = (): never => {
      throw new Error("a flow prior encodes nothing");
    };
    const p = store.bind(bindings, () => prior.at({ parents: {}, encode, call: calling() }));
    // Covariance [[5, 2], [2, 1]]: determinant 1, inverse [[1, -2], [-2, 5]].
    const expected = ([x, y]: readonly number[]): number =>
      -Math.log(2 * Math.PI) - ((x! - 1) ** 2 - 4 * (x! - 1) * y! + 5 * y! * y!) / 2;
    const points = [
      [1, 0],
      [0, 0],
      [2, -1],
    ];
    expectClose(p.logProb(tensorOf(points)), points.map(expected));
    const { value, logProb } = p.sampleAndLogProb(noiseOf(engine), "z", [2000]);
    expectClose(logProb, (value.arraySync() as number[][]).map(expected), 1e-4);
    const [mean, second] = [tf.mean(value, 0), tf.mean(tf.square(value), 0)].map((x) => x.arraySync() as number[]);
    // 5 standard errors: the variances are 5 and 1.
    expect(Math.abs(mean![0]! - 1)).toBeLessThan(5 * Math.sqrt(5 / 2000));
    expect(Math.abs(second![1]! - 1)).toBeLessThan(5 * Math.sqrt(2 / 2000));
  });

  it("depends on its parents if it is conditioned: the mean of that Gaussian moves with them", async () => {
    const store = new ParameterStore();
    const layer = { type: "real-nvp", couplings: 1, hidden: [], activation: "tanh" };
    const context = { latent: [2], parents: { b: [1], a: [2] } };
    const prior: Prior = await createBuilder(createCatalogue(builtins)).build(
      "prior",
      { type: "flow", layers: [layer] },
      "/p",
      {
        prior: () => ({
          ...context,
          inputs: {},
          parameters: store.scope("p"),
          examples: () => ({}),
          exampleRows: () => new Int32Array(),
        }),
        bijection: (at) => ({ ...bijectionShapes(context), parameters: store.scope(at.slice(1)) }),
      },
    );
    const zeros = (rows: number): Tensor => tf.zeros([rows, 2]);
    // z_1 = u_1 + 2 u_2 + a_1 - a_2 + 3 b and z_2 = u_2.
    const coupling = "p/layers/0/coupling-0";
    const bindings: Bindings = {
      [`${coupling}/shift/weights`]: tensorOf([
        [0, 0],
        [2, 0],
      ]),
      [`${coupling}/shift/bias`]: tensorOf([0, 0]),
      [`${coupling}/shift/features`]: tensorOf([
        [1, 0],
        [-1, 0],
        [3, 0],
      ]),
      [`${coupling}/scale/weights`]: zeros(2),
      [`${coupling}/scale/bias`]: tensorOf([0, 0]),
      [`${coupling}/scale/features`]: zeros(3),
    };
    expect(new Set(store.parameters.map(({ name }) => name))).toEqual(new Set(Object.keys(bindings)));
    const a = [
      [0, 0],
      [1, 4],
      [-2, 0.5],
    ];
    const b = [1, 0, -1];
    const parents = { a: tensorOf([a, a]), b: tensorOf([b, b].map((row) => row.map((value) => [value]))) };
    const encode = (): never => {
      throw new Error("a flow prior encodes nothing");
    };
    const p = store.bind(bindings, () => prior.at({ parents, encode, call: calling() }));
    expect([p.batchShape, p.eventShape]).toEqual([[2, 3], [2]]);
    // Covariance [[5, 2], [2, 1]]: determinant 1, inverse [[1, -2], [-2, 5]].
    const points = [
      [1, 0],
      [0, 0],
      [2, -1],
    ];
    const expected = points.map(([x, y], n) => {
      const d = x! - (a[n]![0]! - a[n]![1]! + 3 * b[n]!);
      return -Math.log(2 * Math.PI) - (d * d - 4 * d * y! + 5 * y! * y!) / 2;
    });
    expectClose(p.logProb(tensorOf([points, points])), [expected, expected]);
    expect(p.sample(noiseOf(engine), "z", [4]).shape).toEqual([4, 2, 3, 2]);
  });

  it("is a child of a label and of another latent in a spec, captured as it is eagerly", async () => {
    const latents = {
      z1: { size: 3, generatedFrom: ["z2"], prior: { type: "flow", layers: [{ type: "real-nvp", hidden: [4] }] } },
      z2: { size: 2 },
    };
    const heads = [{ type: "conditional", on: "label", prior: true }];
    const prior = { type: "flow", layers: [{ type: "maf", hidden: [4] }] };
    for (const [model, place, inputs] of [
      [{ latents }, "latents/z1/prior/", 2],
      [{ prior, heads }, "prior/", 3],
    ] as const) {
      const made = await setUp(await loadWritten({ model }));
      assertCapturedLikeEager(engine, made);
      const seen = made.assembled.store.parameters.filter(
        ({ name }) => name.startsWith(place) && name.endsWith("/features"),
      );
      expect(new Set(seen.map(({ shape }) => shape[0]))).toEqual(new Set([inputs]));
    }
  });

  it("refuses bijections without an inverse, by validation", async () => {
    const model = { prior: { type: "flow", layers: ["real-nvp", "planar"] } };
    await expect(loadWritten({ model })).rejects.toMatchObject({
      code: "SPEC_COMBINATION",
      message: expect.stringMatching(/prior\/layers\/1 .*needs bijections with "invertible", which bijection "planar"/),
    });
  });
});
