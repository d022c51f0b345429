import { beforeAll, describe, expect, it } from "vitest";
import type { Distribution } from "../../src/contracts/distribution.js";
import type { Site } from "../../src/contracts/inferred.js";
import type { Model } from "../../src/contracts/model.js";
import { DiagonalGaussian } from "../../src/distributions/diagonal-gaussian.js";
import { elboTerms } from "../../src/inference/elbo-terms.js";
import { inferredFrom } from "../../src/inference/site.js";
import { tf } from "../../src/tensor/tensor.js";
import { calling } from "../support/calls.js";
import { useEngine } from "../support/engine.js";

beforeAll(async () => {
  await useEngine();
});

const context = calling();
const X = [0.5, -1, 2, 0.25, 3, -0.75];
const MASK = [1, 0, 1, 1, 1, 0];
const MEAN = [0, 1, -1];
const LOG_VARIANCE = Math.log(4);
const logDensity = (x: number, mean: number): number =>
  -0.5 * (Math.log(2 * Math.PI) + LOG_VARIANCE + (x - mean) ** 2 / 4);

describe("the likelihood of a batch with values missing", () => {
  const of = (likelihood: Distribution, masked: boolean) => {
    const model = { modeled: "x", generate: () => likelihood } as unknown as Model;
    const site = { name: "z", value: tf.zeros([1, 2, 1]), enumerated: false } as unknown as Site;
    const x = tf.tensor(X, [2, 3]);
    const observed = masked ? { observed: { x: tf.tensor(MASK, [2, 3]) } } : {};
    return elboTerms(
      model,
      { fields: { x }, index: tf.tensor1d([0, 1], "int32"), ...observed },
      inferredFrom([site], 1),
      context,
    );
  };

  it("is that of the values that are there", () => {
    const gaussian = new DiagonalGaussian(tf.tensor(MEAN, [1, 1, 3]), tf.scalar(LOG_VARIANCE), 1);
    for (const masked of [true, false]) {
      const rows = [0, 1].map((row) =>
        [0, 1, 2].reduce((sum, j) => {
          const there = !masked || MASK[row * 3 + j] === 1;
          return sum + (there ? logDensity(X[row * 3 + j]!, MEAN[j]!) : 0);
        }, 0),
      );
      const { logLikelihood } = of(gaussian, masked);
      expect(logLikelihood.shape).toEqual([1, 2]);
      logLikelihood.dataSync().forEach((value, row) => {
        expect(value).toBeCloseTo(rows[row]!, 5);
      });
    }
  });

  it("is refused where the likelihood does not come apart", () => {
    const joint = { batchShape: [1, 1], eventShape: [3], logProb: () => tf.zeros([1, 2]) } as unknown as Distribution;
    expect(() => of(joint, true)).toThrow("values are missing in the data, and this likelihood does not come apart");
  });
});
