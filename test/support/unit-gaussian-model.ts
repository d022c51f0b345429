/**
 * The smallest model with an answer: p(z) = N(0, 1), p(x | z) = N(z, 1) a dimension, so p(x) = N(0, 2) and the exact
 * posterior is N(x / 2, 1 / 2). The inference network is q(z | x) = N(slope x, variance), with no parameters.
 */
import type { Dataset } from "../../src/contracts/dataset.js";
import type { Model } from "../../src/contracts/model.js";
import { DiagonalGaussian } from "../../src/distributions/diagonal-gaussian.js";
import { PointMass } from "../../src/distributions/point-mass.js";
import { eagerRunner } from "../../src/engine/eager.js";
import type { Engine } from "../../src/engine/engine.js";
import type { Trained } from "../../src/experiments/evaluation/evaluation-program.js";
import { inferredFrom, makeSite } from "../../src/inference/site.js";
import { ParameterStore } from "../../src/tensor/parameters.js";
import { tf } from "../../src/tensor/tensor.js";

export interface Inference {
  /** By dimension. */
  slope: readonly number[];
  /** Null: a point mass. */
  variance: number | null;
}

export const unitGaussianModel = ({ slope, variance }: Inference): Model => {
  const D = slope.length;
  return {
    fields: { x: { kind: "vector", shape: [D], support: "real" } },
    modeled: "x",
    latents: { z: [D] },
    infer: (batch, { noise, samples, given }) => {
      const mean = tf.mul(batch.fields.x!, tf.tensor1d([...slope]));
      const q =
        variance === null ? new PointMass(mean) : new DiagonalGaussian(mean, tf.fill(mean.shape, Math.log(variance)));
      const p = new DiagonalGaussian(tf.zeros([D]), tf.zeros([D]));
      const drawn = given && { value: given.z!, logProb: q.logProb(given.z!) };
      return inferredFrom([makeSite({ name: "z", q, p, noise, samples, ...(drawn && { drawn }) })], samples);
    },
    generate: ({ z }) => new DiagonalGaussian(z!, tf.zerosLike(z!)),
    samplePrior: (count, { noise }) => ({ z: noise.normal("z", [count, D]) }),
  };
};

/**
 * The rows as the only split of a data set, scored eagerly.
 * @param mask 1 where a value is there, of the shape of the rows; without, all are
 */
export const trainedOn = (
  engine: Engine,
  model: Model,
  rows: readonly (readonly number[])[],
  mask?: readonly (readonly number[])[],
): Trained => {
  const D = rows[0]!.length;
  const pick = (from: readonly (readonly number[])[], wanted: ArrayLike<number>): Float32Array =>
    Float32Array.from({ length: wanted.length * D }, (_, i) => from[wanted[Math.floor(i / D)]!]![i % D]!);
  const dataset: Dataset = {
    fields: model.fields,
    modeled: "x",
    sizes: { train: rows.length, validation: rows.length, test: rows.length },
    sha256: "",
    split: () => ({
      size: rows.length,
      read: (wanted) => ({ x: pick(rows, wanted) }),
      ...(mask && { observed: (wanted: ArrayLike<number>) => ({ x: pick(mask, wanted) }) }),
    }),
  };
  return { model, store: new ParameterStore(), dataset, seed: 1, parameters: {}, runner: eagerRunner(engine.noise) };
};
