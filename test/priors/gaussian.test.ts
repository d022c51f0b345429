import { beforeAll, expect, it } from "vitest";
import { gaussian } from "../../src/priors/index.js";
import { ParameterStore } from "../../src/tensor/parameters.js";
import { tf } from "../../src/tensor/tensor.js";
import { build } from "../support/components.js";
import { useEngine } from "../support/engine.js";
import { expectClose, tensorOf } from "../support/tensors.js";
import { priorContext, withoutEncoder } from "./calls.js";

beforeAll(async () => {
  await useEngine();
});

it("is N(0, I) over a latent of any rank, and learns nothing", () => {
  const store = new ParameterStore();
  const p = build(gaussian, {}, priorContext(store, { latent: [3, 2] })).at(withoutEncoder);
  expect([p.batchShape, p.eventShape, store.parameters]).toEqual([[], [3, 2], []]);
  // -D/2 ln 2 pi - |z|^2 / 2.
  const z = tensorOf([
    [
      [1, 2],
      [0, 0],
      [-3, 1],
    ],
    [
      [0, 0],
      [0, 0],
      [0, 0],
    ],
  ]);
  const constant = 3 * Math.log(2 * Math.PI);
  expectClose(p.logProb(z), [-constant - 7.5, -constant]);
  expectClose(p.logProb(tf.expandDims(z, 1)), [[-constant - 7.5], [-constant]]);
});
