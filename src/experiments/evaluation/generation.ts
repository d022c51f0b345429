/** Generation with a trained model: prior samples, reconstructions, interpolations, and the codes of a split. */

import type { Values } from "../../contracts/call-context.js";
import type { SplitName } from "../../contracts/dataset.js";
import type { Distribution, LatentSupport } from "../../contracts/distribution.js";
import type { Model } from "../../contracts/model.js";
import type { HostTensor, Program } from "../../contracts/program.js";
import { VaelabError } from "../../errors.js";
import { evaluationCall } from "../../inference/call.js";
import { likeliestCategories } from "../../inference/categories.js";
import { posteriorMeans } from "../../inference/elbo-terms.js";
import { generate } from "../../inference/generate.js";
import { batchOf, type KeyedBatch } from "../../inference/step.js";
import { oneHot } from "../../nn/index.js";
import { mapValues } from "../../numerics/records.js";
import { noiseKey } from "../../numerics/streams.js";
import { type FieldSchema, type Fields, sizeOf } from "../../tensor/fields.js";
import type { Bindings } from "../../tensor/parameters.js";
import { type Tensor, tf } from "../../tensor/tensor.js";
import { BLOCK, blockGroupsOf, keyInput, keysInput } from "../training/batches.js";
import { residentSplit } from "../training/resident-split.js";
import { breathe, parametersProgram, type Trained, withProgram } from "./evaluation-program.js";
import { RowBuffer } from "./row-buffer.js";

export interface SampleInputs {
  key: Tensor;
  requested: Fields;
}

const meanOf = (distribution: Distribution): Tensor => {
  if (!distribution.mean) throw new VaelabError("CONTRACT", { message: "this likelihood has no mean to show" });
  return distribution.mean();
};
/** The likeliest class of a label, the mean of any other field. */
const shownOf = ({ kind }: FieldSchema, distribution: Distribution): Tensor =>
  (kind === "label" ? distribution.mode?.() : undefined) ?? meanOf(distribution);

/** Values by field, one example after another. */
export type HostFields = Readonly<Record<string, Float32Array>>;

export interface Samples {
  draws: Float32Array;
  means: Float32Array;
  /** Draws of the other outputs by field, or their means if only means are wanted. */
  others: HostFields;
  /** Requested or drawn conditions, by field of `model.conditions`. */
  conditions: HostFields;
}

/** What is computed of samples. */
export interface Wanted {
  draws: boolean;
  means: boolean;
  /** The other outputs too. */
  others?: boolean;
}

/** What `sampleProgram` computes: draws and means of the modeled field, the conditions, the other outputs. */
export interface SampleOutputs {
  made: Bindings;
  conditions: Bindings;
  others: Bindings;
}

/** Draws of one or several blocks, by the key. */
export const sampleProgram = (
  { model, store, parameters }: Trained,
  wants: Wanted,
): Program<Bindings, SampleInputs, SampleOutputs> =>
  parametersProgram("sample", store, parameters, ({ key, requested }: SampleInputs, noise) => {
    const size = BLOCK * (key.rank === 2 ? key.shape[0]! : 1);
    const { conditions, likelihood, others } = generate(model, size, noise, requested);
    const made: Bindings = {
      ...(wants.draws && { draws: likelihood.sample(noise, "draws", []) }),
      ...(wants.means && { means: meanOf(likelihood) }),
    };
    const ofOthers = mapValues(wants.others ? others() : {}, (each, name) =>
      wants.draws ? each.sample(noise, `draws of ${name}`, []) : shownOf(model.fields[name]!, each),
    );
    return { made, conditions, others: ofOthers };
  });

/**
 * Draws from the likelihood at samples of the prior that was trained, and decoded means at the same samples.
 * @param requested values of fields of `model.conditions`, one per sample; other fields are drawn
 * @param wants what to compute; the rest is empty
 */
export const samplePrior = async (
  trained: Trained,
  count: number,
  seed: number,
  requested: HostFields = {},
  wants: Wanted = { draws: true, means: true },
): Promise<Samples> => {
  const { model, runner } = trained;
  const shapeOf = (name: string): readonly number[] => model.fields[name]!.shape;
  const program = sampleProgram(trained, wants);
  return withProgram(runner, program, async (running) => {
    const [made, conditions, others] = [new RowBuffer(count), new RowBuffer(count), new RowBuffer(count)];
    // Whole blocks, so that the first samples do not depend on the requested number.
    for (const { start, rows, blocks } of blockGroupsOf(Math.ceil(count / BLOCK) * BLOCK)) {
      const ofRows = mapValues(requested, (values, name): HostTensor => {
        const width = sizeOf(shapeOf(name));
        const data = new Float32Array(rows.length * width);
        // The last call computes surplus samples under conditions of 0, which are dropped.
        data.set(values.subarray(start * width, (start + rows.length) * width));
        return { shape: [rows.length, ...shapeOf(name)], data };
      });
      const outputs = running.call({
        requested: ofRows,
        key: keysInput(blocks.map((block) => noiseKey(seed, "sampler", block))),
      });
      made.add(outputs.made, rows.length);
      conditions.add(outputs.conditions, rows.length);
      others.add(outputs.others, rows.length);
      await breathe();
    }
    return {
      draws: made.of("draws"),
      means: made.of("means"),
      others: others.outputs(),
      conditions: mapValues(model.conditions ?? {}, (_, name) => conditions.of(name)),
    };
  });
};

/** Codes of rows, one row after another. */
export interface EncodedRows {
  /** Posterior means, or a sample where there is no mean, of all latents side by side. */
  codes: Float32Array;
  dimensions: number;
  /** The likeliest categories of the variables of latents whose values stand for codes, in the order of `model.codes`. */
  categories?: Float32Array;
}

/** Codes of rows of a split. */
export const encodeRows = async (trained: Trained, name: SplitName, rows: Int32Array): Promise<EncodedRows> => {
  const { model, store, parameters, runner, dataset, seed } = trained;
  const program = parametersProgram("encode", store, parameters, (inputs: KeyedBatch, noise) => {
    const inferred = model.infer(batchOf(inputs), { ...evaluationCall(noise), samples: 1 });
    const categories = Object.keys(model.codes ?? {}).map((latent) => likeliestCategories(inferred, latent)!);
    return {
      codes: posteriorMeans(model, inferred),
      ...(categories.length > 0 && { categories: tf.concat(categories, 1) }),
    };
  });
  const source = residentSplit(dataset, name, "evaluation", { reads: rows.length });
  return withProgram(runner, source.program(program), async (running) => {
    const encoded = new RowBuffer(rows.length);
    for (const { rows: places, blocks } of blockGroupsOf(rows.length)) {
      const outputs = running.call({
        ...source.inputs(places.map((place) => rows[place]!)),
        key: keysInput(blocks.map((block) => noiseKey(seed, "encode", block))),
      });
      encoded.add(outputs, places.length);
      await breathe();
    }
    const codes = encoded.of("codes");
    const hasCategories = Object.keys(model.codes ?? {}).length > 0;
    return {
      codes,
      dimensions: codes.length / rows.length,
      ...(hasCategories && { categories: encoded.of("categories") }),
    };
  });
};

/** Conditions of these rows of a split. */
export const conditionsOfRows = ({ model, dataset }: Trained, split: SplitName, rows: Int32Array): HostFields => {
  const read = dataset.split(split, "evaluation").read(rows);
  return mapValues(model.conditions ?? {}, (_, name) => read[name]!);
};

/** The mean of a discrete latent lies between its values: the likeliest of them. */
const onSupport = (mean: Tensor, support: LatentSupport | undefined): Tensor => {
  if (support === "one-hot") return oneHot(tf.argMax(mean, -1), mean.shape.at(-1)!);
  return support === "binary" ? tf.cast(tf.greater(mean, 0.5), "float32") : mean;
};

/** Splits codes in the layout of `encodeRows`, [count, dimensions], into the values of each latent. */
export const valuesOfCodes = ({ latents, supports }: Model, codes: Tensor): Values => {
  const count = codes.shape[0]!;
  const shapes = Object.values(latents);
  const parts = tf.split(codes, shapes.map(sizeOf), 1);
  return Object.fromEntries(
    Object.keys(latents).map((name, i) => {
      const values = tf.reshape(parts[i]!, [count, ...shapes[i]!]);
      return [name, onSupport(values, supports?.[name])];
    }),
  );
};

/** Inputs of programs that decode codes. */
export interface CodeInputs {
  codes: Tensor;
  conditions: Fields;
  key: Tensor;
}

export interface ChangedInputs extends CodeInputs {
  /** [count, variables]. */
  categories?: Tensor;
}
export interface Changed {
  /** Those that are generated from it follow it. */
  latent: string;
  /** Categories of its variables if its values stand for codes. They replace the part of the code that holds this latent. */
  categories?: Float32Array;
}

/**
 * Means of p(output | z) at codes in the layout of `encodeRows`; the likeliest classes of a label beside the modeled field.
 * @param changed a latent that others follow
 */
export const decodeProgram = (
  { model, store, parameters }: Trained,
  output: string,
  changed?: string,
): Program<Bindings, ChangedInputs, { means: Tensor }> => {
  const codes = changed === undefined ? undefined : model.codes?.[changed];
  return parametersProgram("decode", store, parameters, (inputs: ChangedInputs, noise) => {
    const means = valuesOfCodes(model, inputs.codes);
    const embedded = codes && inputs.categories && codes.embed(oneHot(inputs.categories, codes.shape[1]!));
    const coded = embedded ? { ...means, [changed!]: embedded } : means;
    const values =
      changed !== undefined && model.follow
        ? model.follow(coded, changed, evaluationCall(noise.fork("follow")), inputs.conditions)
        : coded;
    const likelihood = model.generate(values, evaluationCall(noise), inputs.conditions, output);
    return { means: output === model.modeled ? meanOf(likelihood) : shownOf(model.fields[output]!, likelihood) };
  });
};

/**
 * Means of p(output | z) at codes in the layout of `encodeRows`; the likeliest classes of a label beside the modeled field.
 * @param conditions values of the fields of `model.conditions`, one row after another; a latent label is part of the code
 * @param changed a latent that differs from what was inferred
 * @param output a field that the model generates
 */
export const decodeCodes = async (
  trained: Trained,
  rows: Float32Array,
  count: number,
  conditions: HostFields,
  changed?: Changed,
  output = trained.model.modeled,
): Promise<Float32Array> => {
  const { model, runner, seed } = trained;
  const { latent, categories } = changed ?? {};
  const program = decodeProgram(trained, output, latent);
  const fed = mapValues(
    conditions,
    (data, name): HostTensor => ({ shape: [count, ...model.fields[name]!.shape], data }),
  );
  return withProgram(runner, program, (running) => {
    const { means } = running.call({
      codes: { shape: [count, rows.length / count], data: rows },
      ...(categories && { categories: { shape: [count, categories.length / count], data: categories } }),
      conditions: fed,
      key: keyInput(noiseKey(seed, "decode", 0)),
    });
    return Float32Array.from(means.data);
  });
};
