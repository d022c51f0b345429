import { beforeAll, expect, it } from "vitest";
import type { Engine } from "../../../src/engine/engine.js";
import { deterministic } from "../../../src/models/posteriors/index.js";
import { capabilitiesOf } from "../../../src/registry/checking/capabilities.js";
import { ParameterStore } from "../../../src/tensor/parameters.js";
import { calling } from "../../support/calls.js";
import { build } from "../../support/components.js";
import { useEngine } from "../../support/engine.js";
import { expectClose, noiseOf, tensorOf } from "../../support/tensors.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

it("is a linear code of the features, the same in every draw, without a density", () => {
  const store = new ParameterStore();
  const context = { features: { features: [2] }, latent: [1], parameters: store.scope("posterior") };
  const posterior = build(deterministic, {}, context);
  const bindings = { "posterior/mean/weights": tensorOf([[2], [-1]]), "posterior/mean/bias": tensorOf([0.5]) };
  const maps = {
    features: tensorOf([
      [1, 1],
      [0, 3],
      [4, 0],
    ]),
  };
  const q = store.bind(bindings, () => posterior.at(maps, { parents: {}, call: calling() }));
  expect([q.singular, q.batchShape, q.eventShape]).toEqual([true, [3], [1]]);
  const codes = [[1.5], [-2.5], [8.5]];
  expectClose(q.sample(noiseOf(engine), "z", [2]), [codes, codes]);
  expect(() => q.logProb(tensorOf(codes))).toThrow("a point mass has no density");
  expect(capabilitiesOf({ definition: deterministic, fields: { type: "deterministic" } })).not.toContain("density");
});
