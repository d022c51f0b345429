/** Sets that metrics of samples compare: rows of the data, samples of the model, and the controls. */
import type { SplitName } from "../../contracts/dataset.js";
import type { SampleRows, SampleSet, SamplingContext } from "../../contracts/metric.js";
import { evaluationCall } from "../../inference/call.js";
import { isSingular } from "../../inference/site.js";
import { batchOf, type KeyedBatch } from "../../inference/step.js";

import { type Points, pointsOf } from "../../numerics/points.js";
import { noiseKey, permutation, type Stream, stream } from "../../numerics/streams.js";
import { canonicalJson } from "../../storage/json.js";
import { sizeOf } from "../../tensor/fields.js";
import { tf } from "../../tensor/tensor.js";
import type { Cache } from "../services/services.js";
import { batchInputs, keyInput } from "../training/batches.js";
import { controlSets } from "./controls.js";
import { parametersProgram, type Trained, withProgram } from "./evaluation-program.js";
import { samplePrior } from "./generation.js";
import { rowsOfSplit, trainingRows } from "./held-out-rows.js";
import { memoize } from "./memoize.js";
import { exPost, type NamedSampler, samplerSets } from "./sampler-sets.js";

const POINT_MASS =
  "the posterior is a point mass and no regularizer made the codes follow the prior: see evaluation.samplers for ex-post samples";
/** Cache version of the controls: change it whenever they or the metrics of samples compute something else. */
const VERSION = "controls-3";

const memoizedSet = <Source>({ source, draw }: SampleSet<Source>): SampleSet<Source> => ({
  source,
  draw: memoize(draw),
});

/** Whether the posterior of some latent has no density, determined by inference on two examples. */
const hasPointMass = async (trained: Trained): Promise<boolean> => {
  const { model, store, parameters, runner, dataset, seed } = trained;
  let singular = false;
  const program = parametersProgram("kind of posterior", store, parameters, (inputs: KeyedBatch, noise) => {
    singular = isSingular(model.infer(batchOf(inputs), { ...evaluationCall(noise), samples: 1 }));
    return { nothing: tf.zeros([1]) };
  });
  const inputs = batchInputs(dataset, dataset.split("validation", "evaluation"), Int32Array.of(0, 1));
  await withProgram(runner, program, (running) => {
    running.call({ ...inputs, key: keyInput(noiseKey(seed, "kind of posterior", 0)) });
  });
  return singular;
};

const priorSets = (trained: Trained): SampleSet[] => {
  const { model, seed } = trained;
  const width = sizeOf(model.fields[model.modeled]!.shape);
  const drawn = memoize(async (count) =>
    !trained.matchesPrior && (await hasPointMass(trained)) ? POINT_MASS : samplePrior(trained, count, seed),
  );
  const set = (output: "draws" | "means"): SampleSet => ({
    source: { output },
    draw: async (count): Promise<SampleRows | string> => {
      const samples = await drawn(count);
      return typeof samples === "string" ? samples : { ...pointsOf(samples[output], width), given: samples.conditions };
    },
  });
  return [set("draws"), set("means")];
};

export interface SamplingOptions {
  /** Seed of the data. */
  dataSeed: number;
  samplers?: readonly NamedSampler[];
  cache: Cache;
  warn(message: string): void;
}

export const samplingContext = (
  trained: Trained,
  split: SplitName,
  { dataSeed, samplers = [], cache, warn }: SamplingOptions,
): SamplingContext => {
  const { dataset, runner } = trained;
  const { apart } = trainingRows(dataset, dataSeed);
  const scored =
    split === "train" ? apart : permutation(dataset.sizes[split], stream(dataSeed, `metric/real/${split}`));
  const streamOf = (name: string): Stream => stream(dataSeed, `metric/${name}`);
  const everyRow = (): Points =>
    rowsOfSplit(
      dataset,
      "train",
      Int32Array.from({ length: dataset.sizes.train }, (_, i) => i),
    );
  let training: Promise<Points> | undefined;
  const fitted = samplers.map((each) => ({ name: each.name, ...exPost(trained, each) }));
  return {
    comparable: Math.min(scored.length, apart.length),
    real: memoize(async (count) => rowsOfSplit(dataset, split, scored.slice(0, count))),
    training: () => (training ??= Promise.resolve(everyRow())),
    samples: [...priorSets(trained), ...fitted.flatMap((each) => samplerSets(each, each.name))].map(memoizedSet),
    densities: fitted.map(({ name, density }) => ({ sampler: name, learn: () => density(split) })),
    controls: controlSets(dataset, apart, streamOf).map(memoizedSet),
    stream: streamOf,
    remember: async (key, compute) => {
      const { fields, modeled, sha256 } = dataset;
      const all = canonicalJson({ data: sha256, dataSeed, fields, modeled, split, runner: runner.identity, key });
      const bytes = await cache.once(
        VERSION,
        all,
        async () => new TextEncoder().encode(JSON.stringify(await compute())),
        warn,
      );
      return JSON.parse(new TextDecoder().decode(bytes));
    },
  };
};
