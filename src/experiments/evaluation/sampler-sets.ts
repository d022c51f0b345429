/**
 * Ex-post samples: codes from what a sampler learned of the training set's codes, decoded by the trained model. What is conditional
 * is asked for first, as the model draws it; where that is a label, codes come from what was learned of the codes of its examples,
 * for they differ from class to class: q(z | c) in the place of p(z | c).
 */

import type { Values } from "../../contracts/call-context.js";
import type { SampleRows, SampleSet } from "../../contracts/metric.js";
import type { Sampler } from "../../contracts/sampler.js";
import { inputsUnder } from "../../inference/training-program.js";
import { type Points, pointsOf } from "../../numerics/points.js";
import { mapValues } from "../../numerics/records.js";
import { noiseKey, stream } from "../../numerics/streams.js";
import { sizeOf } from "../../tensor/fields.js";
import { tf } from "../../tensor/tensor.js";
import { keyInput, rowsFrom } from "../training/batches.js";
import { breathe, parametersProgram, type Trained, withProgram } from "./evaluation-program.js";
import { encodeRows, givenOfRows, type HostFields } from "./generation.js";
import { memoize } from "./memoize.js";
import { RowBuffer } from "./row-buffer.js";
import { learnByClass } from "./sampler-classes.js";

/** Codes a call. */
const BLOCK = 100;
const GIVEN = "given";

export interface NamedSampler {
  /** Of the rows of figures. */
  name: string;
  sampler: Sampler;
}

/** Ex-post samples, or the reason why there are none. */
export interface Decoded {
  draws: SampleRows;
  means: SampleRows | string;
}
/** @param asked conditions by field, one after another, instead of ones that are drawn */
export type DrawExPost = (count: number, asked?: HostFields) => Promise<Decoded | string>;

/** Rows of a program's outputs, BLOCK at a time; `inputsOf` gives what it takes beside the key. */
const inBlocks = async (
  trained: Trained,
  count: number,
  name: string,
  program: ReturnType<typeof parametersProgram>,
  inputsOf: (start: number, rows: number) => Record<string, { shape: number[]; data: Float32Array }>,
): Promise<Record<string, Float32Array>> => {
  const all = new RowBuffer(count);
  await withProgram(trained.runner, program, async (running) => {
    for (let start = 0; start < count; start += BLOCK) {
      const rows = Math.min(BLOCK, count - start);
      const key = keyInput(noiseKey(trained.seed, `sampler/${name}`, start / BLOCK));
      all.add(running.call({ ...inputsOf(start, rows), key }), BLOCK);
      await breathe();
    }
  });
  return all.outputs();
};

const drawConditions = async (trained: Trained, count: number, name: string): Promise<HostFields> => {
  const { model, store, parameters } = trained;
  if (Object.keys(model.conditions ?? {}).length === 0) return {};
  const program = parametersProgram("draw conditions", store, parameters, (_, noise) => {
    const drawn = model.drawConditions?.(BLOCK, { training: false, noise: noise.fork("given") }) ?? {};
    return mapValues(model.conditions ?? {}, (_, field) => drawn[field]!);
  });
  return inBlocks(trained, count, name, program, () => ({}));
};

/** Draws from the likelihood at these codes under these conditions, and its means. */
const decode = async (trained: Trained, codes: Points, given: HostFields, name: string): Promise<Decoded> => {
  const { model, store, parameters } = trained;
  const sites = Object.entries(model.latents).map(([site, shape]) => ({ site, shape, width: sizeOf(shape) }));
  const program = parametersProgram("decode ex-post", store, parameters, (inputs, noise) => {
    const parts = tf.split(
      inputs.codes!,
      sites.map(({ width }) => width),
      1,
    );
    const values: Values = Object.fromEntries(
      sites.map(({ site, shape }, i) => [site, tf.reshape(parts[i]!, [BLOCK, ...shape])]),
    );
    const likelihood = model.generate(
      values,
      { training: false, noise: noise.fork("generate") },
      inputsUnder(inputs, GIVEN),
    );
    return {
      draws: likelihood.sample(noise, "draws", []),
      ...(likelihood.mean && { means: likelihood.mean() }),
    };
  });
  // The last call decodes more than are wanted, at codes of 0, which are left out.
  const block = (values: Float32Array, start: number, rows: number, shape: readonly number[]) => {
    const width = sizeOf(shape);
    const data = new Float32Array(BLOCK * width);
    data.set(values.subarray(start * width, (start + rows) * width));
    return { shape: [BLOCK, ...shape], data };
  };
  const { draws, means } = await inBlocks(trained, codes.n, name, program, (start, rows) => ({
    codes: block(codes.values, start, rows, [codes.width]),
    ...Object.fromEntries(
      Object.entries(given).map(([field, values]) => [
        `${GIVEN}/${field}`,
        block(values, start, rows, model.fields[field]!.shape),
      ]),
    ),
  }));
  const width = sizeOf(model.fields[model.modeled]!.shape);
  return {
    draws: { ...pointsOf(draws!, width), given },
    means: means ? { ...pointsOf(means, width), given } : "the likelihood has no mean",
  };
};

/** @returns what draws by this sampler, which learns when it is first asked to. */
export const exPost = (trained: Trained, { name, sampler }: NamedSampler): DrawExPost => {
  const { model, dataset, seed } = trained;
  const site = Object.keys(model.latents).find((latent) => latent in (model.conditions ?? {}));
  const labels = Object.entries(model.conditions ?? {}).flatMap(([field, { kind }]) =>
    kind === "label" ? [field] : [],
  );
  const learn = memoize(async (size: number) => {
    const rows = rowsFrom(0, size);
    const { codes, dimensions } = await encodeRows(trained, "train", rows);
    const given = givenOfRows(trained, "train", rows);
    const streamOf = (what: string) => stream(seed, `sampler/${name}${what}`);
    return learnByClass(
      sampler,
      pointsOf(codes, dimensions),
      labels.map((field) => given[field]!),
      streamOf,
    );
  });
  return async (count, asked) => {
    if (site !== undefined) return `the latent "${site}" is a label, which the sampler has no density of`;
    const learned = await learn(dataset.sizes.train);
    const given = { ...(await drawConditions(trained, count, name)), ...asked };
    const codes = learned(
      count,
      labels.map((field) => given[field]!),
    );
    return decode(trained, codes, given, name);
  };
};

export const samplerSets = (draw: DrawExPost, name: string): SampleSet[] => {
  const drawn = memoize((count) => draw(count));
  const set = (output: keyof Decoded): SampleSet => ({
    source: { sampler: name, output },
    draw: async (count) => {
      const decoded = await drawn(count);
      return typeof decoded === "string" ? decoded : decoded[output];
    },
  });
  return [set("draws"), set("means")];
};
