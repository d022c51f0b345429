/**
 * A model with an answer whose parameters are tensors, for gradients: p(z) = N(0, 1), p(x | z) = N(a z, 1), so p(x) = N(0, 1 + a^2),
 * q(z | x) = N(b x, exp(l)), which is the posterior at b = a / (1 + a^2), l = -ln(1 + a^2). One dimension.
 */
import type { Model } from "../../src/contracts/model.js";
import type { Objective } from "../../src/contracts/objective.js";
import { DiagonalGaussian } from "../../src/distributions/diagonal-gaussian.js";
import type { Engine } from "../../src/engine/engine.js";
import { inferredFrom, makeSite } from "../../src/inference/site.js";
import { type Scalar, tf } from "../../src/tensor/tensor.js";
import { type GradientDraws, gradientDraws } from "./gradient-draws.js";

export { objectiveOf } from "./gradient-draws.js";

export interface Values {
  loading: number;
  slope: number;
  logVariance: number;
}
type Tensors = { [K in keyof Values]: Scalar };

/** Away from the exact posterior of the loading. */
export const ROUGH: Values = { loading: 1.2, slope: 0.2, logVariance: 0.4 };
/** As options of `drawsOf`: for equality, and for means. */
export const FEW = { batch: 20, repeats: 3 };
export const MANY = { batch: 800, repeats: 15 };

/** The exact posterior at this loading. */
export const exact = (loading: number): Values => ({
  loading,
  slope: loading / (1 + loading ** 2),
  logVariance: -Math.log(1 + loading ** 2),
});
export const logMarginalOf = (x: number, { loading }: Values): number => {
  const variance = 1 + loading ** 2;
  return -(Math.log(2 * Math.PI * variance) + x ** 2 / variance) / 2;
};

const scaledGaussianModel = ({ loading, slope, logVariance }: Tensors): Model => ({
  fields: { x: { kind: "vector", shape: [1], support: "real" } },
  modeled: "x",
  latents: { z: [1] },
  infer: (batch, { noise, samples, given }) => {
    const mean = tf.mul(batch.fields.x!, slope);
    const q = new DiagonalGaussian(mean, tf.mul(tf.onesLike(mean), logVariance));
    const p = new DiagonalGaussian(tf.zeros([1]), tf.zeros([1]));
    const drawn = given && { value: given.z!, logProb: q.logProb(given.z!) };
    return inferredFrom([makeSite({ name: "z", q, p, noise, samples, ...(drawn && { drawn }) })], samples);
  },
  generate: ({ z }) => new DiagonalGaussian(tf.mul(z!, loading), tf.zeros([1])),
  samplePrior: (count, { noise }) => ({ z: noise.normal("z", [count, 1]) }),
});

export type Draws = GradientDraws<keyof Values>;

/** The first phase's loss at `batch` copies of one x, its terms and gradients, by as many keys as there are repeats. */
export const drawsOf = (
  engine: Engine,
  objectiveOf: (model: Model) => Objective,
  values: Values,
  { x = 1.5, batch = 50, ...options }: { x?: number; batch?: number; repeats?: number; phase?: number } = {},
): Draws =>
  gradientDraws(engine, { modelOf: scaledGaussianModel, objectiveOf, values, data: Array(batch).fill(x), ...options });
