/** What a trained model makes: samples of its own prior, reconstructions, interpolations, and the codes of a split. */
import type { SplitName } from "../core/contracts/data.js";
import type { CallContext, Values } from "../core/contracts/model.js";
import type { Distribution } from "../core/distribution.js";
import { VaelabError } from "../core/errors.js";
import { codeOf } from "../core/evidence.js";
import { sizeOf } from "../core/fields.js";
import type { HostTensor } from "../core/program.js";
import { noiseKey } from "../core/rng.js";
import { type Tensor, tf } from "../core/tensor.js";
import { batchOf } from "../core/training-program.js";
import { batchInputs, blocksOf, keyInput } from "./batches.js";
import { breathe, parametersProgram, type Trained, withProgram } from "./evaluation-program.js";

const floats = ({ data }: HostTensor): Float32Array => Float32Array.from(data);
const meanOf = (distribution: Distribution): Tensor => {
  if (!distribution.mean) throw new VaelabError("CONTRACT", { message: "this likelihood has no mean to show" });
  return distribution.mean();
};
const concatenated = (parts: readonly Float32Array[]): Float32Array => {
  const all = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
};

/** Samples a call; a fixed unit, so that the first of many are the same as when few are asked for. */
const SAMPLES = 100;

/** Draws from the likelihood at samples of the prior that was trained, and decoded means at the same samples. */
export const samplePrior = async (
  trained: Trained,
  count: number,
  seed: number,
): Promise<{ draws: Float32Array; means: Float32Array }> => {
  const { model, store, parameters, runner } = trained;
  const program = parametersProgram("sample", store, parameters, (_, noise) => {
    const context = (name: string): CallContext => ({ training: false, noise: noise.fork(name) });
    const likelihood = model.generate(model.samplePrior(SAMPLES, context("prior")), context("generate"));
    return { draws: likelihood.sample(noise, "draws", []), means: meanOf(likelihood) };
  });
  return withProgram(runner, program, async (running) => {
    const draws: Float32Array[] = [];
    const means: Float32Array[] = [];
    for (let call = 0; call * SAMPLES < count; call++) {
      const outputs = running.call({ key: keyInput(noiseKey(seed, "sampler", call)) });
      draws.push(floats(outputs.draws!));
      means.push(floats(outputs.means!));
      await breathe();
    }
    const size = sizeOf(model.fields[model.modelled]!.shape) * count;
    return { draws: concatenated(draws).slice(0, size), means: concatenated(means).slice(0, size) };
  });
};

export const rowsFrom = (start: number, count: number): Int32Array =>
  Int32Array.from({ length: count }, (_, i) => start + i);

/** Posterior means (a draw where there is none) of rows of a split: [rows.length, all sites' dimensions]. */
export const encodeRows = async (
  trained: Trained,
  name: SplitName,
  rows: Int32Array,
): Promise<{ codes: Float32Array; dimensions: number }> => {
  const { model, store, parameters, runner, dataset, seed } = trained;
  const split = dataset.split(name, "evaluation");
  const program = parametersProgram("encode", store, parameters, (inputs, noise) => {
    const sites = model.infer(batchOf(inputs), { samples: 1, training: false, noise });
    const flat = sites.map((site) => tf.reshape(codeOf(site, sites, 1), [inputs.index!.shape[0]!, -1]));
    return { codes: tf.concat(flat, 1) };
  });
  return withProgram(runner, program, async (running) => {
    const codes: Float32Array[] = [];
    for (const [block, { rows: places }] of blocksOf(rows.length).entries()) {
      const outputs = running.call({
        ...batchInputs(
          dataset,
          split,
          places.map((place) => rows[place]!),
        ),
        key: keyInput(noiseKey(seed, "encode", block)),
      });
      codes.push(floats(outputs.codes!));
      await breathe();
    }
    const all = concatenated(codes);
    return { codes: all, dimensions: all.length / rows.length };
  });
};

/** Means of p(x | z) at codes laid out as `encodeRows` gives them. */
export const decodeCodes = async (trained: Trained, codes: Float32Array, count: number): Promise<Float32Array> => {
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
    return { means: meanOf(model.generate(values, { training: false, noise })) };
  });
  return withProgram(runner, program, (running) =>
    floats(
      running.call({
        "field/codes": { shape: [count, dimensions], data: codes },
        key: keyInput(noiseKey(seed, "decode", 0)),
      }).means!,
    ),
  );
};
