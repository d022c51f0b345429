import { beforeAll, expect, it } from "vitest";
import { hypersphereUniform } from "../../src/priors/index.js";
import { ParameterStore } from "../../src/tensor/parameters.js";
import { build } from "../support/components.js";
import { useEngine } from "../support/engine.js";
import { expectClose, tensorOf } from "../support/tensors.js";
import { priorContext, withoutEncoder } from "./calls.js";

beforeAll(async () => {
  await useEngine();
});

it("has one density on the sphere, the reciprocal of its area, and learns nothing", () => {
  const store = new ParameterStore();
  const p = build(hypersphereUniform, {}, priorContext(store, { latent: [3] })).at(withoutEncoder);
  expect([p.batchShape, p.eventShape, store.parameters]).toEqual([[], [3], []]);
  const poles = tensorOf([
    [0, 0, 1],
    [1, 0, 0],
  ]);
  expectClose(p.logProb(poles), [-Math.log(4 * Math.PI), -Math.log(4 * Math.PI)]);
});
