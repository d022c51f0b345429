/** What a trained model makes: samples of its own prior, reconstructions, interpolations, and the codes of a split. */

import type { Values } from "../../contracts/call-context.js";
import type { SplitName } from "../../contracts/dataset.js";
import type { Distribution } from "../../contracts/distribution.js";
import type { HostTensor } from "../../contracts/program.js";
import { VaelabError } from "../../errors.js";
import { posteriorMeans } from "../../inference/elbo-terms.js";
import { generate } from "../../inference/generate.js";
import { batchOf, inputsUnder } from "../../inference/training-program.js";
import { mapValues } from "../../numerics/records.js";
import { noiseKey } from "../../numerics/streams.js";
import { sizeOf } from "../../tensor/fields.js";
import { type Tensor, tf } from "../../tensor/tensor.js";
import { BLOCK, blockGroupsOf, keyInput, keysInput } from "../training/batches.js";
import { residentSplit } from "../training/resident-split.js";
import { breathe, parametersProgram, type Trained, withProgram } from "./evaluation-program.js";
import { RowBuffer } from "./row-buffer.js";

const meanOf = (distribution: Distribution): Tensor => {
  if (!distribution.mean) throw new VaelabError("CONTRACT", { message: "this likelihood has no mean to show" });
  return distribution.mean();
};

/** Values by field, one example after another. */
export type HostFields = Readonly<Record<string, Float32Array>>;

export interface Samples {
  draws: Float32Array;
  means: Float32Array;
  /** What each was asked for, or drew, by field of `model.conditions`. */
  given: HostFields;
}

const GIVEN = "field";
/**
 * Draws from the likelihood at samples of the prior that was trained, and decoded means at the same samples.
 * @param asked values of fields of `model.conditions`, one example after another, for all of them; what is not asked for is drawn
 * @param wants what is made; what is not is empty
 */
export const samplePrior = async (
  trained: Trained,
  count: number,
  seed: number,
  asked: HostFields = {},
  wants: { draws: boolean; means: boolean } = { draws: true, means: true },
): Promise<Samples> => {
  const { model, store, parameters, runner } = trained;
  const shapeOf = (name: string): readonly number[] => model.fields[name]!.shape;
  const program = parametersProgram("sample", store, parameters, (inputs, noise) => {
    const size = BLOCK * (inputs.key!.rank === 2 ? inputs.key!.shape[0]! : 1);
    const { conditions, likelihood } = generate(model, size, noise, inputsUnder(inputs, GIVEN));
    const named = Object.fromEntries(Object.entries(conditions).map(([name, value]) => [`${GIVEN}/${name}`, value]));
    return {
      ...(wants.draws && { draws: likelihood.sample(noise, "draws", []) }),
      ...(wants.means && { means: meanOf(likelihood) }),
      ...named,
    };
  });
  return withProgram(runner, program, async (running) => {
    const made = new RowBuffer(count);
    // Whole blocks, so that the first of many samples are the same as when few are asked for.
    for (const { start, rows, blocks } of blockGroupsOf(Math.ceil(count / BLOCK) * BLOCK)) {
      const wanted = mapValues(asked, (values, name): HostTensor => {
        const width = sizeOf(shapeOf(name));
        const data = new Float32Array(rows.length * width);
        // The last call makes more than are wanted: those are asked for whatever 0 means, and left out.
        data.set(values.subarray(start * width, (start + rows.length) * width));
        return { shape: [rows.length, ...shapeOf(name)], data };
      });
      const outputs = running.call({
        ...Object.fromEntries(Object.entries(wanted).map(([name, value]) => [`${GIVEN}/${name}`, value])),
        key: keysInput(blocks.map((block) => noiseKey(seed, "sampler", block))),
      });
      made.add(outputs, rows.length);
      await breathe();
    }
    return {
      draws: made.of("draws"),
      means: made.of("means"),
      given: mapValues(model.conditions ?? {}, (_, name) => made.of(`${GIVEN}/${name}`)),
    };
  });
};

/** Posterior means (a draw where there is none) of rows of a split: [rows.length, all sites' dimensions]. */
export const encodeRows = async (
  trained: Trained,
  name: SplitName,
  rows: Int32Array,
): Promise<{ codes: Float32Array; dimensions: number }> => {
  const { model, store, parameters, runner, dataset, seed } = trained;
  const program = parametersProgram("encode", store, parameters, (inputs, noise) => {
    const inferred = model.infer(batchOf(inputs), { samples: 1, training: false, noise });
    return { codes: posteriorMeans(model, inferred) };
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
    return { codes, dimensions: codes.length / rows.length };
  });
};

/** What generation is conditioned on in these rows of a split. */
export const givenOfRows = ({ model, dataset }: Trained, split: SplitName, rows: Int32Array): HostFields => {
  const read = dataset.split(split, "evaluation").read(rows);
  return mapValues(model.conditions ?? {}, (_, name) => read[name]!);
};

/**
 * Means of p(x | z) at codes laid out as `encodeRows` gives them.
 * @param given values of the fields of `model.conditions`, one row after another; a label that is a site is part of the code
 */
export const decodeCodes = async (
  trained: Trained,
  codes: Float32Array,
  count: number,
  given: HostFields,
): Promise<Float32Array> => {
  const { model, store, parameters, runner, seed } = trained;
  const widths = Object.entries(model.latents).map(([name, shape]) => ({ name, shape, width: sizeOf(shape) }));
  const dimensions = widths.reduce((total, { width }) => total + width, 0);
  const program = parametersProgram("decode", store, parameters, (inputs, noise) => {
    const parts = tf.split(
      inputs["field/codes"]!,
      widths.map(({ width }) => width),
      1,
    );
    const values: Values = Object.fromEntries(
      widths.map(({ name, shape }, i) => [name, tf.reshape(parts[i]!, [count, ...shape])]),
    );
    return { means: meanOf(model.generate(values, { training: false, noise }, inputsUnder(inputs, "given"))) };
  });
  const conditions = Object.entries(given).map(([name, data]): [string, HostTensor] => [
    `given/${name}`,
    { shape: [count, ...model.fields[name]!.shape], data },
  ]);
  return withProgram(runner, program, (running) => {
    const { means } = running.call({
      ...Object.fromEntries(conditions),
      "field/codes": { shape: [count, dimensions], data: codes },
      key: keyInput(noiseKey(seed, "decode", 0)),
    });
    return Float32Array.from(means!.data);
  });
};
