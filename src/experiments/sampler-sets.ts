/** Ex-post samples: codes from what a sampler learnt of the training set's codes, decoded by the trained model. */
import type { SampleRows, SampleSet } from "../core/contracts/metric.js";
import type { Values } from "../core/contracts/model.js";
import type { Sampler } from "../core/contracts/sampler.js";
import { sizeOf } from "../core/fields.js";
import { type Points, pointsOf } from "../core/points.js";
import { noiseKey, stream } from "../core/rng.js";
import { tf } from "../core/tensor.js";
import { keyInput } from "./batches.js";
import { breathe, parametersProgram, type Trained, withProgram } from "./evaluation-program.js";
import { encodeRows, rowsFrom } from "./generation.js";
import { remembered } from "./remembered.js";

/** Codes a call. */
const BLOCK = 100;

export interface NamedSampler {
  /** Of the rows of figures. */
  name: string;
  sampler: Sampler;
}

interface Decoded {
  draws: SampleRows;
  means: SampleRows | string;
}

/** Draws from the likelihood at these codes, and its means; conditions are drawn as the model draws them. */
const decode = async (trained: Trained, codes: Points, name: string): Promise<Decoded> => {
  const { model, store, parameters, runner, seed } = trained;
  const sites = Object.entries(model.latents).map(([site, shape]) => ({ site, shape, width: sizeOf(shape) }));
  const conditions = Object.keys(model.conditions ?? {});
  const program = parametersProgram("decode ex-post", store, parameters, (inputs, noise) => {
    const parts = tf.split(
      inputs.codes!,
      sites.map(({ width }) => width),
      1,
    );
    const values: Values = Object.fromEntries(
      sites.map(({ site, shape }, i) => [site, tf.reshape(parts[i]!, [BLOCK, ...shape])]),
    );
    const call = (fork: string) => ({ training: false, noise: noise.fork(fork) });
    const given = model.drawGiven?.(BLOCK, call("given")) ?? {};
    const likelihood = model.generate(values, call("generate"), given);
    return {
      draws: likelihood.sample(noise, "draws", []),
      ...(likelihood.mean && { means: likelihood.mean() }),
      ...Object.fromEntries(conditions.map((field) => [`given/${field}`, given[field]!])),
    };
  });
  const widthOf = (field: string): number => sizeOf(model.fields[field]!.shape);
  const width = widthOf(model.modelled);
  const draws = new Float32Array(codes.n * width);
  const means = new Float32Array(codes.n * width);
  let hasMeans = true;
  const given = Object.fromEntries(conditions.map((field) => [field, new Float32Array(codes.n * widthOf(field))]));
  await withProgram(runner, program, async (running) => {
    for (let start = 0; start < codes.n; start += BLOCK) {
      const rows = Math.min(BLOCK, codes.n - start);
      const data = new Float32Array(BLOCK * codes.width);
      data.set(codes.values.subarray(start * codes.width, (start + rows) * codes.width));
      const key = keyInput(noiseKey(seed, `sampler/${name}`, start / BLOCK));
      const outputs = running.call({ codes: { shape: [BLOCK, codes.width], data }, key });
      const put = (into: Float32Array, output: string, each: number): void =>
        into.set(outputs[output]!.data.subarray(0, rows * each), start * each);
      put(draws, "draws", width);
      hasMeans = outputs.means !== undefined;
      if (hasMeans) put(means, "means", width);
      for (const field of conditions) put(given[field]!, `given/${field}`, widthOf(field));
      await breathe();
    }
  });
  return {
    draws: { ...pointsOf(draws, width), given },
    means: hasMeans ? { ...pointsOf(means, width), given } : "the likelihood has no mean",
  };
};

export const samplerSets = (trained: Trained, { name, sampler }: NamedSampler): SampleSet[] => {
  const { model, dataset, seed } = trained;
  const label = Object.keys(model.latents).find((site) => site in (model.conditions ?? {}));
  const learn = remembered(async (size: number) => {
    const { codes, dimensions } = await encodeRows(trained, "train", rowsFrom(0, size));
    return sampler.learn(pointsOf(codes, dimensions), stream(seed, `sampler/${name}`));
  });
  const draw = remembered(async (count: number): Promise<Decoded | string> => {
    if (label !== undefined) return `the latent "${label}" is a label, which the sampler has no density of`;
    const learnt = await learn(dataset.sizes.train);
    return decode(trained, learnt.sample(count, stream(seed, `sampler/${name}/draws`)), name);
  });
  const set = (suffix: string, kind: keyof Decoded): SampleSet => ({
    name: `${name}${suffix}`,
    draw: async (count) => {
      const decoded = await draw(count);
      return typeof decoded === "string" ? decoded : decoded[kind];
    },
  });
  return [set("", "draws"), set("/means", "means")];
};
