/** The similarity against that of scikit-image's windows, at two scales. */
import { beforeAll, expect, test } from "vitest";
import { meanSimilarity } from "../../../src/losses/regularizers/ms-ssim.js";
import { tf } from "../../../src/tensor/tensor.js";
import { loadWritten } from "../../../src/testing/experiment.js";
import oracle from "../../fixtures/sample-metrics.json" with { type: "json" };
import { useEngine } from "../../support/engine.js";
import { expectGradient, tensorOf, valuesOf } from "../../support/tensors.js";

beforeAll(async () => {
  await useEngine();
});

const { height, width, first, second, twoScales } = oracle.images;

test("is that of the oracle, averaged over channels and examples", () => {
  const [a, b] = [first, second].map((values) => tf.reshape(tensorOf(values), [1, height, width, 1]));
  expect(valuesOf(meanSimilarity(a!, b!))[0]).toBeCloseTo(twoScales, 4);
  // An equal channel scores 1, and so does an equal example.
  const [c, d] = [tf.concat([a!, a!], 3), tf.concat([a!, b!], 3)];
  expect(valuesOf(meanSimilarity(c, d))[0]).toBeCloseTo((1 + twoScales) / 2, 4);
  expect(valuesOf(meanSimilarity(tf.concat([c, c], 0), tf.concat([c, d], 0)))[0]).toBeCloseTo((3 + twoScales) / 4, 4);
});

test("its gradient is that of its differences", () => {
  const small = (values: number[]) =>
    tf.reshape(tf.slice(tf.reshape(tensorOf(values), [height, width]), [8, 8], [12, 12]), [1, 12, 12, 1]);
  expectGradient((at) => meanSimilarity(small(first), at), small(second));
});

test("is refused for data that are no images", async () => {
  await expect(
    loadWritten({ regularizers: [{ type: "ms-ssim" }], data: { type: "tiny", kind: "table" } }),
  ).rejects.toThrow("it compares images");
});
