/**
 * A model of two bits whose every expectation is a sum, in float64: p(z = 1) = s(prior), p(x = 1 | z) = s(bias + slope z),
 * q(z = 1 | x) = s(offset + gain x), s the logistic function.
 */
import type { Model } from "../../src/contracts/model.js";
import type { Objective } from "../../src/contracts/objective.js";
import { Bernoulli } from "../../src/distributions/bernoulli.js";
import type { Engine } from "../../src/engine/engine.js";
import { inferredFrom, makeSite } from "../../src/inference/site.js";
import { mapValues } from "../../src/numerics/records.js";
import { type Scalar, tf } from "../../src/tensor/tensor.js";
import { type Drawn, type GradientDraws, gradientDraws } from "./gradient-draws.js";

export type Name = "prior" | "bias" | "slope" | "offset" | "gain";
export type Values = Readonly<Record<Name, number>>;
/** Away from the exact posterior. */
export const BITS: Values = { prior: 0.4, bias: -1, slope: 2.5, offset: 0.3, gain: -0.8 };

type Bit = 0 | 1;
export const BOTH: readonly Bit[] = [0, 1];
const lnBernoulli = (bit: Bit, logit: number): number => -Math.log1p(Math.exp(bit === 1 ? -logit : logit));
export const logQ = (z: Bit, x: Bit, { offset, gain }: Values): number => lnBernoulli(z, offset + gain * x);
export const logP = (z: Bit, x: Bit, { prior, bias, slope }: Values): number =>
  lnBernoulli(z, prior) + lnBernoulli(x, bias + slope * z);

/** The slopes of a function of the parameters, by central differences in float64. */
export const slopesOf = (of: (values: Values) => number, at = BITS, step = 1e-5): Record<Name, number> =>
  mapValues(at, (value, name) => {
    const moved = (by: number): number => of({ ...at, [name]: value + by });
    return (moved(step) - moved(-step)) / (2 * step);
  });

/** E over K draws of q at x of a function of them. */
export const meanOverDraws = (draws: number, x: Bit, values: Values, of: (z: readonly Bit[]) => number): number => {
  const tuples = Array.from({ length: 2 ** draws }, (_, code) =>
    Array.from({ length: draws }, (_, k) => ((code >> k) & 1) as Bit),
  );
  return tuples.reduce(
    (total, z) => total + Math.exp(z.reduce<number>((sum, each) => sum + logQ(each, x, values), 0)) * of(z),
    0,
  );
};

const bitModel = ({ prior, bias, slope, offset, gain }: Record<Name, Scalar>): Model => ({
  fields: { x: { kind: "vector", shape: [1], support: "binary" } },
  modeled: "x",
  latents: { z: [1] },
  unrelaxed: ["z"],
  infer: (batch, { noise, samples, given }) => {
    const q = new Bernoulli(tf.add(tf.mul(batch.fields.x!, gain), offset));
    const p = new Bernoulli(tf.reshape(prior, [1]));
    const drawn = given && { value: given.z!, logProb: q.logProb(given.z!) };
    return inferredFrom([makeSite({ name: "z", q, p, noise, samples, ...(drawn && { drawn }) })], samples);
  },
  generate: ({ z }) => new Bernoulli(tf.add(tf.mul(z!, slope), bias)),
  samplePrior: (count, { noise }) => ({ z: new Bernoulli(tf.reshape(prior, [1])).sample(noise, "z", [count]) }),
});

/** Of a batch that is half zeros and half ones. */
export const bitDraws = (
  engine: Engine,
  objectiveOf: (model: Model) => Objective,
  { batch = 400, ...options }: { batch?: number } & Pick<Drawn<Name>, "repeats" | "phase" | "scalars"> = {},
): GradientDraws<Name> =>
  gradientDraws(engine, {
    modelOf: bitModel,
    objectiveOf,
    values: BITS,
    data: Array.from({ length: batch }, (_, i) => i % 2),
    repeats: 25,
    ...options,
  });

/** The mean over x = 0 and x = 1. */
export const overData = (of: (x: Bit) => number): number => (of(0) + of(1)) / 2;
