/**
 * Metrics of samples where the answer is known: data x ~ N(0, 2 I) and the model of `unit-gaussian-model.ts`, whose draws have the
 * same density and whose means are N(0, I). Vectors without labels are their own features, standardized: draws are then N(0, I),
 * means N(0, I / 2). With a label y in {0, 1}, everything is shifted by (2 y - 1) `shift` in each dimension.
 */

import type { Dataset } from "../../src/contracts/dataset.js";
import type { Model } from "../../src/contracts/model.js";
import { DiagonalGaussian } from "../../src/distributions/diagonal-gaussian.js";
import { capturedRunner } from "../../src/engine/capture/runner.js";
import type { Engine } from "../../src/engine/engine.js";
import { featureExtractor } from "../../src/experiments/evaluation/feature-extractor.js";
import { LEARNING_RATE } from "../../src/experiments/evaluation/feature-training.js";
import { metricContext } from "../../src/experiments/evaluation/metric-context.js";
import type { NamedSampler } from "../../src/experiments/evaluation/sampler-sets.js";
import { normal, stream } from "../../src/numerics/streams.js";
import { adam } from "../../src/optimizers/adam.js";
import type { Definition } from "../../src/spec/define.js";
import type { FieldSchemas } from "../../src/tensor/fields.js";
import { ParameterStore } from "../../src/tensor/parameters.js";
import { tf } from "../../src/tensor/tensor.js";
import { build } from "./components.js";
import { measureBuilt } from "./measure.js";
import { named } from "./schedules.js";
import { unitGaussianModel } from "./unit-gaussian-model.js";

const SIZES = { train: 1200, validation: 400, test: 600 } as const;

export interface World {
  /** Of x and z. */
  dimensions: number;
  /** Without: there is no label. */
  shift?: number;
  /** One in so many training and validation examples has its label; the others read as 0 and are masked. */
  labeledEvery?: number;
  /** The model draws labels and does not look at them. */
  deaf?: boolean;
  /** The model draws labels, and says them by its codes alone: x = z + e. */
  coded?: boolean;
  /** The posterior is a point mass. */
  pointMass?: boolean;
  /** The objective made the codes follow the prior. */
  matchesPrior?: boolean;
}

const fieldsOf = ({ dimensions, shift }: World): FieldSchemas => ({
  x: { kind: "vector", shape: [dimensions], support: "real" },
  ...(shift !== undefined && { label: { kind: "label", shape: [], support: "categorical", classes: 2 } }),
});

const isLabeled = ({ labeledEvery }: World, split: string, row: number): boolean =>
  labeledEvery === undefined || split === "test" || row % labeledEvery === 0;

const datasetOf = (world: World): Dataset => ({
  fields: fieldsOf(world),
  ...(world.labeledEvery !== undefined && { partial: ["label"] }),
  modeled: "x",
  sizes: SIZES,
  sha256: JSON.stringify(world),
  split: (name) => ({
    size: SIZES[name],
    read: (rows) => {
      const { dimensions, shift } = world;
      const x = new Float32Array(rows.length * dimensions);
      const label = Float32Array.from({ length: rows.length }, (_, i) => rows[i]! % 2);
      for (let i = 0; i < rows.length; i++) {
        const uniform = stream(rows[i]!, `test/${name}`);
        const center = shift === undefined ? 0 : (2 * label[i]! - 1) * shift;
        for (let j = 0; j < dimensions; j++) x[i * dimensions + j] = center + Math.SQRT2 * normal(uniform);
      }
      const known = label.map((value, i) => (isLabeled(world, name, rows[i]!) ? value : 0));
      return { x, ...(shift !== undefined && { label: known }) };
    },
    ...(world.labeledEvery !== undefined && {
      observed: (rows: ArrayLike<number>) => ({
        label: Float32Array.from(rows, (row) => Number(isLabeled(world, name, row))),
      }),
    }),
  }),
});

const modelOf = (world: World): Model => {
  const { dimensions, shift, deaf, coded, pointMass } = world;
  const plain = unitGaussianModel({ slope: Array(dimensions).fill(0.5), variance: pointMass ? null : 0.5 });
  if (shift === undefined) return plain;
  const fields = fieldsOf(world);
  return {
    ...plain,
    fields,
    conditions: { label: fields.label! },
    drawConditions: (count, { noise }) => ({
      label: tf.cast(tf.less(noise.uniform("label", [count]), 0.5), "float32"),
    }),
    generate: ({ z }, { noise }, conditions) => {
      const heard = deaf ? tf.cast(tf.less(noise.uniform("deaf", [z!.shape[0]!]), 0.5), "float32") : conditions!.label!;
      const center = tf.mul(tf.sub(tf.mul(tf.expandDims(heard, 1), 2), 1), coded ? 0 : shift);
      return new DiagonalGaussian(tf.add(z!, center), tf.zerosLike(z!));
    },
  };
};

/** The metric on up to 600 samples of the world's model, n to a side. */
export const scoreOn = async (
  engine: Engine,
  definition: Definition<"metric">,
  fields: object,
  world: World,
  samplers: readonly NamedSampler[] = [],
): ReturnType<typeof measureBuilt> => {
  const metric = build(definition, { ...fields }, {});
  const dataset = datasetOf(world);
  const runner = capturedRunner(engine);
  const warn = (message: string): never => {
    throw new Error(message);
  };
  const optimizer = async () => build(adam, { learningRate: named("learning rate", LEARNING_RATE) }, {});
  const { matchesPrior = false } = world;
  const model = modelOf(world);
  const trained = { model, store: new ParameterStore(), dataset, seed: 1, parameters: {}, runner, matchesPrior };
  const extractor = featureExtractor({ dataset, dataSeed: 0, runner, optimizer, warn });
  return measureBuilt(
    definition,
    metric,
    metricContext(trained, "test", { samplers, warn, ...(metric.needs && { extractor }) }),
  );
};
