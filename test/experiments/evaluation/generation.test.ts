/** What is decoded of codes: values within the support of each latent. */
import { beforeAll, test } from "vitest";
import type { Model } from "../../../src/contracts/model.js";
import { valuesOfCodes } from "../../../src/experiments/evaluation/generation.js";
import { useEngine } from "../../support/engine.js";
import { expectClose, tensorOf } from "../../support/tensors.js";

beforeAll(async () => {
  await useEngine();
});

test("means of discrete latents become their likeliest values, and others stay as they are", () => {
  const model = {
    latents: { y: [2, 3], b: [2], z: [1, 2], c: [2] },
    supports: { y: "one-hot", b: "binary", z: "real", c: "codes" },
  } as unknown as Model;
  const codes = tensorOf([[0.2, 0.5, 0.3, 0.4, 0.3, 0.3, 0.6, 0.4, 0.6, -2, 0.7, 0.2]]);
  const { y, b, z, c } = valuesOfCodes(model, codes);
  expectClose(y!, [
    [
      [0, 1, 0],
      [1, 0, 0],
    ],
  ]);
  expectClose(b!, [[1, 0]]);
  expectClose(z!, [[[0.6, -2]]]);
  expectClose(c!, [[0.7, 0.2]]);
});
