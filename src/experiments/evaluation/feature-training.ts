/**
 * Trains the feature extractor: Adam for a fixed number of steps, with cosine decay of the learning rate to 0; all randomness
 * comes from `data.seed`.
 */
import type { Dataset } from "../../contracts/dataset.js";
import type { Optimizer } from "../../contracts/optimizer.js";
import type { HostTensors, ProgramRunner } from "../../contracts/program.js";
import { type TrainingProgram, trainingProgram } from "../../inference/training-program.js";
import { withoutLatents } from "../../inference/without-latents.js";
import { mean, sampleVariance } from "../../numerics/statistics.js";
import { noiseKey, permutation, stream } from "../../numerics/streams.js";
import { batchInputs, keyInput, scalarInputs } from "../training/batches.js";
import { breathe, withProgram } from "./evaluation-program.js";
import type { FeatureNetwork, Moments } from "./feature-network.js";
import { rowsOfSplit } from "./held-out-rows.js";

const STEPS = 600;
const BATCH = 100;
export const LEARNING_RATE = 0.003;

export interface FeatureTraining {
  dataset: Dataset;
  /** Training rows to use. */
  rows: Int32Array;
  dataSeed: number;
  runner: ProgramRunner;
  optimizer: Optimizer;
  progress?(done: number, total: number): void;
  signal?: AbortSignal;
}

/** Moments over all values of images together, or over each column of other data. A standard deviation of 0 counts as 1. */
export const momentsOfRows = (dataset: Dataset, rows: Int32Array): Moments => {
  const { values, n, width } = rowsOfSplit(dataset, "train", rows);
  const columns = dataset.fields[dataset.modeled]!.kind === "image" ? 1 : width;
  const each = Array.from({ length: columns }, (_, j) =>
    columns === 1 ? values : Float32Array.from({ length: n }, (_, i) => values[i * width + j]!),
  );
  return {
    mean: Float32Array.from(each, mean),
    deviation: Float32Array.from(each, (column) => Math.sqrt(sampleVariance(column)) || 1),
  };
};

/** @returns its parameters, standardization included. */
export const trainFeatures = async (network: FeatureNetwork, training: FeatureTraining): Promise<HostTensors> => {
  const { dataset, rows, dataSeed, runner, optimizer, signal } = training;
  const initialValues = network.store.initialValues(dataSeed);
  if (network.tasks.length === 0) return initialValues;
  const step = trainingProgram({
    model: withoutLatents(dataset),
    store: network.store,
    optimizer,
    trainingSize: rows.length,
    initialValues,
    ...(dataset.transform && { transform: dataset.transform.bind(dataset) }),
    objective: {
      phases: [
        {
          name: "extractor",
          every: 1,
          variables: () => true,
          terms: ({ batch, noise }) => ({ loss: network.loss(batch, noise), terms: {} }),
        },
      ],
    },
  });
  const program: TrainingProgram = { ...step, name: "feature extractor" };
  return withProgram(runner, program, async (running) => {
    const split = dataset.split("train", "training");
    const size = Math.min(BATCH, rows.length);
    const stepsPerEpoch = Math.floor(rows.length / size);
    let order: Int32Array = new Int32Array(0);
    for (let step = 0; step < STEPS; step++) {
      signal?.throwIfAborted();
      const within = step % stepsPerEpoch;
      if (within === 0) order = permutation(rows.length, stream(dataSeed, `extractor/order/${step / stepsPerEpoch}`));
      const rate = (LEARNING_RATE * (1 + Math.cos((Math.PI * step) / STEPS))) / 2;
      const chosen = Int32Array.from(order.subarray(within * size, (within + 1) * size), (i) => rows[i]!);
      running.call(
        {
          ...batchInputs(dataset, split, chosen),
          scalars: scalarInputs({ [optimizer.learningRate.name]: rate }),
          key: keyInput(noiseKey(dataSeed, "extractor", step)),
        },
        "extractor",
      );
      training.progress?.(step + 1, STEPS);
      if (step % 10 === 0) await breathe();
    }
    return running.readState().parameters;
  });
};
