import { beforeAll, describe, expect, it } from "vitest";
import { builtins } from "../../../src/builtins.js";
import type { Engine } from "../../../src/engine/engine.js";
import { capabilitiesOf } from "../../../src/registry/checking/capabilities.js";
import { createBuilder } from "../../../src/registry/components/build.js";
import { createCatalogue } from "../../../src/registry/components/catalogue.js";
import { partsOf } from "../../../src/registry/components/parts.js";
import { ParameterStore } from "../../../src/tensor/parameters.js";
import { tf } from "../../../src/tensor/tensor.js";
import { loadWritten } from "../../../src/testing/experiment.js";
import { calling } from "../../support/calls.js";
import { useEngine } from "../../support/engine.js";
import { expectClose, noiseOf, tensorOf } from "../../support/tensors.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});
const catalogue = createCatalogue(builtins);

describe("the flow posterior", () => {
  it("is, after a reflection, the Gaussian with the reflected mean and covariance", async () => {
    const store = new ParameterStore();
    const scope = (at: string) => store.scope(at.slice(1));
    const fields = { type: "flow", base: { type: "diagonal-gaussian" }, layers: [{ type: "householder" }] };
    const posterior = await createBuilder(catalogue).build("posterior", fields, "/q", {
      posterior: (at) => ({ features: { features: [1] }, latent: [2], parameters: scope(at) }),
      bijection: (at) => ({ shape: [2], features: [1], parameters: scope(at) }),
    });
    // The base is N((1, 2), diag(4, 1/4)); v = (1, 1) exchanges the coordinates and their signs.
    const bindings = {
      "q/base/mean/weights": tensorOf([[1, 2]]),
      "q/base/mean/bias": tensorOf([0, 0]),
      "q/base/log-variance/weights": tensorOf([[Math.log(4), -Math.log(4)]]),
      "q/base/log-variance/bias": tensorOf([0, 0]),
      "q/layers/0/v/weights": tensorOf([[1, 1]]),
      "q/layers/0/v/bias": tensorOf([0, 0]),
    };
    expect(store.parameters.map(({ name }) => name).sort()).toEqual(Object.keys(bindings).sort());
    const maps = { features: tensorOf([[1]]) };
    const q = store.bind(bindings, () => posterior.at(maps, { parents: {}, call: calling() }));
    // N((-2, -1), diag(1/4, 4)), whose two factors have scales of product 1.
    const expected = ([x, y]: readonly [number, number]): number =>
      -Math.log(2 * Math.PI) - ((x + 2) ** 2 * 4 + (y + 1) ** 2 / 4) / 2;
    const points: [number, number][] = [
      [-2, -1],
      [0, 0],
      [1, -3],
    ];
    expectClose(
      q.logProb(tensorOf(points.map((point) => [point]))),
      points.map((point) => [expected(point)]),
    );
    const { value, logProb } = q.sampleAndLogProb(noiseOf(engine), "z", [500]);
    const drawn = (tf.squeeze(value, [1]).arraySync() as [number, number][]).map((point) => [expected(point)]);
    expectClose(logProb, drawn, 1e-4);
    // A draw is scored through its own forward pass, so its second moments show whose draws they are: 5 standard errors.
    const second = tf.mean(tf.square(tf.sub(tf.squeeze(value, [1]), tensorOf([-2, -1]))), 0);
    const [narrow, wide] = (await second.array()) as number[];
    expect(Math.abs(narrow! - 0.25)).toBeLessThan(5 * 0.25 * Math.sqrt(2 / 500));
    expect(Math.abs(wide! - 4)).toBeLessThan(5 * 4 * Math.sqrt(2 / 500));
  });

  it("can be evaluated where its base and all bijections can", () => {
    const capabilities = (base: string, ...layers: string[]): readonly string[] => {
      const fields = { type: "flow", base: { type: base }, layers: layers.map((type) => ({ type })) };
      return capabilitiesOf(partsOf(fields, { component: "posterior" }, catalogue)[0]!);
    };
    expect(capabilities("diagonal-gaussian", "householder", "radial")).toEqual([
      "density",
      "evaluable",
      "reparameterized",
    ]);
    expect(capabilities("diagonal-gaussian", "householder", "planar")).toEqual(["density", "reparameterized"]);
    expect(capabilities("deterministic", "householder")).toEqual(["reparameterized"]);
  });

  it("joins a VampPrior if it can be inverted, and is refused otherwise, by validation", async () => {
    const model = (type: string) => ({
      posterior: { type: "flow", layers: [type] },
      prior: { type: "vamp", components: 5 },
    });
    expect((await loadWritten({ model: model("radial") })).spec.model.prior.type).toBe("vamp");
    await expect(loadWritten({ model: model("planar") })).rejects.toMatchObject({
      code: "SPEC_COMBINATION",
      message: expect.stringContaining('"evaluable", which posterior "flow" does not have'),
    });
  });

  it("refuses a base whose draws have no gradient", async () => {
    const y = { shape: [3], posterior: { type: "flow", base: "categorical" }, prior: "categorical" };
    await expect(loadWritten({ model: { latents: { y } } })).rejects.toMatchObject({
      code: "SPEC_COMBINATION",
      message: expect.stringContaining('the posterior "flow" needs posteriors with "reparameterized"'),
    });
  });
});
