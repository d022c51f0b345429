/**
 * A model with an answer whose parameters are tensors, for gradients: p(z) = N(0, 1), p(x | z) = N(a z, 1), so p(x) = N(0, 1 + a^2),
 * q(z | x) = N(b x, exp(l)), which is the posterior at b = a / (1 + a^2), l = -ln(1 + a^2). One dimension.
 */
import type { Model } from "../../src/contracts/model.js";
import type { Objective, Terms } from "../../src/contracts/objective.js";
import { DiagonalGaussian } from "../../src/distributions/diagonal-gaussian.js";
import { toTensor } from "../../src/engine/eager.js";
import type { Engine } from "../../src/engine/engine.js";
import { keyInput } from "../../src/experiments/training/batches.js";
import { inferredFrom, makeSite } from "../../src/inference/site.js";
import { stepContext } from "../../src/inference/step.js";
import { noiseKey } from "../../src/numerics/streams.js";
import type { Definition } from "../../src/spec/define.js";
import { keyedNoise } from "../../src/tensor/keyed-noise.js";
import { type Scalar, type Tensor, tf } from "../../src/tensor/tensor.js";
import { build } from "./components.js";

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

/** An objective as `drawsOf` takes it. */
export const objectiveOf =
  (definition: Definition<"objective">, fields: object) =>
  (model: Model): Objective =>
    build(definition, { ...fields }, { model, parameters: undefined as never });

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

export interface Draws {
  /** Of each of the repeats: the phase's terms, read. */
  terms: Record<string, number>[];
  loss: number[];
  gradients: { [K in keyof Values]: number[] };
}

/**
 * The first phase's loss at `batch` copies of one x, its terms and gradients, by as many keys as there are repeats.
 * @param objectiveOf of the model that it is given
 */
export const drawsOf = (
  engine: Engine,
  objectiveOf: (model: Model) => Objective,
  values: Values,
  { x = 1.5, batch = 50, repeats = 40, phase = 0 } = {},
): Draws => {
  const names = Object.keys(values) as (keyof Values)[];
  const found: Draws = { terms: [], loss: [], gradients: { loading: [], slope: [], logVariance: [] } };
  for (let repeat = 0; repeat < repeats; repeat++)
    tf.tidy(() => {
      let terms: Terms | undefined;
      const lossOf = (...given: Tensor[]): Scalar => {
        const tensors = Object.fromEntries(names.map((name, i) => [name, given[i]])) as unknown as Tensors;
        const model = scaledGaussianModel(tensors);
        const context = stepContext(
          { model, trainingSize: batch },
          {
            batch: { fields: { x: tf.fill([batch, 1], x) }, index: tf.range(0, batch, 1, "int32") },
            noise: keyedNoise(engine.noise, toTensor(keyInput(noiseKey(1, "test", repeat)))),
            training: true,
            scalars: {},
          },
        );
        terms = objectiveOf(model).phases[phase]!.terms(context);
        found.terms.push(
          Object.fromEntries(Object.entries(terms.terms).map(([name, term]) => [name, term.dataSync()[0]!])),
        );
        return terms.loss;
      };
      const { value, grads } = tf.valueAndGrads(lossOf as never)(names.map((name) => tf.scalar(values[name])));
      found.loss.push(value.dataSync()[0]!);
      for (const [i, name] of names.entries()) found.gradients[name].push((grads[i] as Tensor).dataSync()[0]!);
    });
  return found;
};
