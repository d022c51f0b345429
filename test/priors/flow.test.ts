import { beforeAll, describe, expect, it } from "vitest";
import { builtins } from "../../src/builtins.js";
import type { Prior } from "../../src/contracts/prior.js";
import type { Engine } from "../../src/engine/engine.js";
import { createBuilder } from "../../src/registry/components/build.js";
import { createCatalogue } from "../../src/registry/components/catalogue.js";
import { ParameterStore } from "../../src/tensor/parameters.js";
import { tf } from "../../src/tensor/tensor.js";
import { loadWritten } from "../../src/testing/experiment.js";
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
        prior: () => ({ latent: [2], inputs: {}, parameters: store.scope("p"), examples: () => ({}) }),
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

  it("refuses bijections without an inverse, by validation", async () => {
    const model = { prior: { type: "flow", layers: ["real-nvp", "planar"] } };
    await expect(loadWritten({ model })).rejects.toMatchObject({
      code: "SPEC_COMBINATION",
      message: expect.stringMatching(/prior\/layers\/1 .*needs bijections with "invertible", which bijection "planar"/),
    });
  });
});
