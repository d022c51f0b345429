/** Sums over the values of a support, of distributions whose moments are known. */
import { expect, test } from "vitest";
import type { Distribution } from "../../src/contracts/distribution.js";
import { tf } from "../../src/tensor/tensor.js";
import { sumSupport } from "../../src/testing/integrate.js";
import { useEngine } from "../support/engine.js";

await useEngine();

test("gray levels are the 256 multiples of 1 / 255: the moments of a uniform one", () => {
  const uniform = {
    batchShape: [],
    eventShape: [1],
    logProbElements: tf.zerosLike,
  } as unknown as Distribution;
  const { mass, mean, meanSquare } = sumSupport(uniform, "unit");
  expect(mass).toBeCloseTo(256, 9);
  // The sums of i and of i^2 up to n are n (n + 1) / 2 and n (n + 1) (2 n + 1) / 6, here of i / n with n = 255.
  expect(mean[0]).toBeCloseTo(256 / 2, 9);
  expect(meanSquare[0]).toBeCloseTo((256 * 511) / (6 * 255), 9);
});
