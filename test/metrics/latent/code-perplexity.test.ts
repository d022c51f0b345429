import { beforeAll, expect, test } from "vitest";
import type { Distribution, LatentSupport } from "../../../src/contracts/distribution.js";
import type { Model } from "../../../src/contracts/model.js";
import { Bernoulli, Categorical, DiagonalGaussian, Quantized } from "../../../src/distributions/index.js";
import type { Engine } from "../../../src/engine/engine.js";
import { metricContext } from "../../../src/experiments/evaluation/metric-context.js";
import { inferredFrom, makeSite } from "../../../src/inference/site.js";
import { codePerplexity } from "../../../src/metrics/latent/code-perplexity.js";
import { oneHot } from "../../../src/nn/index.js";
import { logNormalize } from "../../../src/tensor/mathematics.js";
import { type Tensor, tf } from "../../../src/tensor/tensor.js";
import { useEngine } from "../../support/engine.js";
import { measure } from "../../support/measure.js";
import { trainedOn, unitGaussianModel } from "../../support/unit-gaussian-model.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

/** Of four categories: half of the examples have the first, a quarter the second, an eighth each the others: 1.75 bits. */
const rows = Array.from({ length: 16 }, (_, i) => [i < 8 ? 0 : i < 12 ? 1 : i < 14 ? 2 : 3, 2]);
interface Made {
  q: Distribution;
  p: Distribution;
  support: LatentSupport;
}
const latentOf = (makes: Readonly<Record<string, (x: Tensor) => Made>>): Model => ({
  ...unitGaussianModel({ slope: [1, 1], variance: 1 }),
  latents: Object.fromEntries(Object.keys(makes).map((name) => [name, [2, 4]])),
  infer: (batch, { noise, samples }) =>
    inferredFrom(
      Object.entries(makes).map(([name, make]) =>
        makeSite({ name, ...make(batch.fields.x!), noise: noise.fork(name), samples }),
      ),
      samples,
    ),
});
const uniform = (): Categorical => new Categorical(tf.fill([2, 4], -Math.log(4)), 2);
const codes = (x: Tensor): Made => ({
  q: new Quantized(tf.zeros([x.shape[0]!, 2, 4]), oneHot(x, 4), 2),
  p: uniform(),
  support: "codes",
});
/** Certain of each category but for one in a thousand. */
const categories = (x: Tensor): Made => ({
  q: new Categorical(logNormalize(tf.mul(oneHot(x, 4), 20)), 2),
  p: uniform(),
  support: "one-hot",
});
const scored = async (model: Model) =>
  (await measure(codePerplexity, {}, metricContext(trainedOn(engine, model, rows), "test", {}))).measurements;

test("is 2 to the entropy in bits of how often each code occurs, averaged over the variables", async () => {
  for (const make of [codes, categories]) {
    const { codePerplexity: found } = await scored(latentOf({ z: make }));
    // The second variable has one code for all examples.
    expect(found!.value).toBeCloseTo((2 ** 1.75 + 1) / 2, 4);
    expect(found!.n).toBe(16);
  }
  const { codePerplexity: found } = await scored(latentOf({ z: codes }));
  expect(found!.note).toBe("of 4; mean of 2 variables, from 1.0 to 3.4; 3 of 8 never occur");
});

test("of bits counts their two values, and is measured for each discrete latent", async () => {
  const bits = (x: Tensor): Made => ({
    q: new Bernoulli(tf.mul(40, tf.sub(tf.slice(x, [0, 0], [-1, 1]), 0.5))),
    p: new Bernoulli(tf.zeros([1])),
    support: "binary",
  });
  const real = (x: Tensor): Made => ({
    q: new DiagonalGaussian(x, tf.zeros([2])),
    p: new DiagonalGaussian(tf.zeros([2]), tf.zeros([2])),
    support: "real",
  });
  const found = await scored(latentOf({ b: bits, c: codes, z: real }));
  expect(Object.entries(found).map(([, { latent }]) => latent)).toEqual(["b", "c"]);
  // Half of the examples have a 1.
  expect(found["codePerplexity.b"]!.value).toBeCloseTo(2, 4);
  const none = await scored(latentOf({ z: real }));
  expect(none.codePerplexity).toMatchObject({ value: null, note: "no latent is discrete" });
});
