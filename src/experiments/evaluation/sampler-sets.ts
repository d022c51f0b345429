/**
 * Ex-post samples: codes from a density fitted to the training codes, decoded by the trained model. Conditions are drawn
 * first, as in generation. If a condition is a label, codes come from the density of that class, because codes differ between
 * classes: q(z | c) instead of p(z | c).
 */

import type { SplitName } from "../../contracts/dataset.js";
import type { CodeDensity, SampleRows, SampleSet } from "../../contracts/metric.js";
import type { Host, HostTensor, Program } from "../../contracts/program.js";
import type { Sampler } from "../../contracts/sampler.js";
import { evaluationCall } from "../../inference/call.js";
import { type Points, pointsOf } from "../../numerics/points.js";
import { mapValues } from "../../numerics/records.js";
import { noiseKey, stream } from "../../numerics/streams.js";
import { sizeOf } from "../../tensor/fields.js";
import type { Bindings } from "../../tensor/parameters.js";
import type { Tensor } from "../../tensor/tensor.js";
import { BLOCK, keyInput, rowsFrom } from "../training/batches.js";
import { codePosterior } from "./code-posterior.js";
import { breathe, parametersProgram, type Trained, withProgram } from "./evaluation-program.js";
import { type CodeInputs, conditionsOfRows, encodeRows, type HostFields, valuesOfCodes } from "./generation.js";
import { memoize } from "./memoize.js";
import { RowBuffer } from "./row-buffer.js";
import { learnByClass } from "./sampler-classes.js";

export interface NamedSampler {
  /** Name of the set in the rows of figures. */
  name: string;
  sampler: Sampler;
}

/** Ex-post samples, or the reason why there are none. */
export interface Decoded {
  draws: SampleRows;
  means: SampleRows | string;
}
/** @param requested conditions by field, one per sample, instead of drawn ones */
export type DrawExPost = (count: number, requested?: HostFields) => Promise<Decoded | string>;

/** Rows of a program's outputs, BLOCK at a time; `inputsOf` gives what it is fed beside the key. */
const inBlocks = async <Inputs extends { key: Tensor }>(
  trained: Trained,
  count: number,
  name: string,
  program: Program<Bindings, Inputs>,
  inputsOf: (start: number, rows: number) => Omit<Host<Inputs>, "key">,
): Promise<Record<string, Float32Array>> => {
  const all = new RowBuffer(count);
  await withProgram(trained.runner, program, async (running) => {
    for (let start = 0; start < count; start += BLOCK) {
      const rows = Math.min(BLOCK, count - start);
      const key = keyInput(noiseKey(trained.seed, `sampler/${name}`, start / BLOCK));
      all.add(running.call({ ...inputsOf(start, rows), key } as unknown as Host<Inputs>), BLOCK);
      await breathe();
    }
  });
  return all.outputs();
};

const drawConditions = async (trained: Trained, count: number, name: string): Promise<HostFields> => {
  const { model, store, parameters } = trained;
  if (Object.keys(model.conditions ?? {}).length === 0) return {};
  const program = parametersProgram("draw conditions", store, parameters, (_: { key: Tensor }, noise): Bindings => {
    const drawn = model.drawConditions?.(BLOCK, evaluationCall(noise.fork("given"))) ?? {};
    return mapValues(model.conditions ?? {}, (_, field) => drawn[field]!);
  });
  return inBlocks(trained, count, name, program, () => ({}));
};

/** Samples and means of the likelihood at these codes under these conditions. */
const decode = async (trained: Trained, codes: Points, conditions: HostFields, name: string): Promise<Decoded> => {
  const { model, store, parameters } = trained;
  const program = parametersProgram("decode ex-post", store, parameters, (inputs: CodeInputs, noise): Bindings => {
    const context = evaluationCall(noise.fork("generate"));
    const likelihood = model.generate(valuesOfCodes(model, inputs.codes), context, inputs.conditions);
    return {
      draws: likelihood.sample(noise, "draws", []),
      ...(likelihood.mean && { means: likelihood.mean() }),
    };
  });
  // The last call decodes surplus codes of 0, whose outputs are dropped.
  const block = (values: Float32Array, start: number, rows: number, shape: readonly number[]): HostTensor => {
    const width = sizeOf(shape);
    const data = new Float32Array(BLOCK * width);
    data.set(values.subarray(start * width, (start + rows) * width));
    return { shape: [BLOCK, ...shape], data };
  };
  const { draws, means } = await inBlocks(trained, codes.n, name, program, (start, rows) => ({
    codes: block(codes.values, start, rows, [codes.width]),
    conditions: mapValues(conditions, (values, field) => block(values, start, rows, model.fields[field]!.shape)),
  }));
  const width = sizeOf(model.fields[model.modeled]!.shape);
  return {
    draws: { ...pointsOf(draws!, width), given: conditions },
    means: means ? { ...pointsOf(means, width), given: conditions } : "the likelihood has no mean",
  };
};

/** What a sampler gives a trained model. It is fitted on first use. */
export interface ExPost {
  draw: DrawExPost;
  /** Its density over codes of examples of a split, or the reason why there is none. */
  density(split: SplitName): Promise<CodeDensity | string>;
}

export const exPost = (trained: Trained, { name, sampler }: NamedSampler): ExPost => {
  const { model, dataset, seed } = trained;
  const site = Object.keys(model.latents).find((latent) => latent in (model.conditions ?? {}));
  const absent = site && `the latent "${site}" is a label, which the sampler has no density of`;
  const labels = Object.entries(model.conditions ?? {}).flatMap(([field, { kind }]) =>
    kind === "label" ? [field] : [],
  );
  const learn = memoize(async (size: number) => {
    const rows = rowsFrom(0, size);
    const { codes, dimensions } = await encodeRows(trained, "train", rows);
    const conditions = conditionsOfRows(trained, "train", rows);
    const streamOf = (what: string) => stream(seed, `sampler/${name}${what}`);
    return learnByClass(
      sampler,
      pointsOf(codes, dimensions),
      labels.map((field) => conditions[field]!),
      { streamOf, toolsOf: (own) => ({ runner: trained.runner, posterior: codePosterior(trained, own) }) },
    );
  });
  return {
    draw: async (count, requested) => {
      if (absent) return absent;
      const learned = await learn(dataset.sizes.train);
      const conditions = { ...(await drawConditions(trained, count, name)), ...requested };
      const codes = await learned.sample(
        count,
        labels.map((field) => conditions[field]!),
      );
      return decode(trained, codes, conditions, name);
    },
    density: async (split) => {
      if (absent) return absent;
      const { logProb } = await learn(dataset.sizes.train);
      if (!logProb) return `the density that "${name}" draws from is not known`;
      const conditions = conditionsOfRows(trained, split, rowsFrom(0, dataset.sizes[split]));
      return (codes, rows) =>
        logProb(
          codes,
          labels.map((field) => Float32Array.from(rows, (row) => conditions[field]![row]!)),
        );
    },
  };
};

export const samplerSets = ({ draw }: Pick<ExPost, "draw">, name: string): SampleSet[] => {
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
