/** q(z | x) of training examples, for samplers that learn from more than posterior means. */
import type { CodePosterior, LogVolume } from "../../contracts/sampler.js";
import { VaelabError } from "../../errors.js";
import { evaluationCall } from "../../inference/call.js";
import { posteriorDraws } from "../../inference/posterior-draws.js";
import { siteOf } from "../../inference/site.js";
import { batchOf, type KeyedBatch } from "../../inference/step.js";
import { pointsOf } from "../../numerics/points.js";
import { mapValues } from "../../numerics/records.js";
import { noiseKey, type Stream } from "../../numerics/streams.js";
import { type Tensor, tf } from "../../tensor/tensor.js";
import { batchInputs, blockGroupsOf, keyInput, keysInput } from "../training/batches.js";
import { residentSplit } from "../training/resident-split.js";
import { breathe, parametersProgram, type Trained, withProgram } from "./evaluation-program.js";
import { valuesOfCodes } from "./generation.js";
import { RowBuffer } from "./row-buffer.js";

/** Values that a call scores: codes times examples times dimensions. */
const SCORED = 2 ** 22;

const drawCodes = async (trained: Trained, rows: Int32Array, uniform: Stream) => {
  const { model, store, parameters, runner, dataset } = trained;
  const program = parametersProgram("draw codes", store, parameters, (inputs: KeyedBatch, noise) => {
    const inferred = model.infer(batchOf(inputs), { ...evaluationCall(noise), samples: 1 });
    return { codes: tf.squeeze(posteriorDraws(model, inferred, noise.fork("choice")), [0]) };
  });
  const source = residentSplit(dataset, "train", "evaluation", { reads: rows.length });
  const seed = Math.floor(uniform() * 2 ** 31);
  const codes = new RowBuffer(rows.length);
  await withProgram(runner, source.program(program), async (running) => {
    for (const { rows: places, blocks } of blockGroupsOf(rows.length)) {
      const key = keysInput(blocks.map((block) => noiseKey(seed, "draw codes", block)));
      codes.add(running.call({ ...source.inputs(places.map((place) => rows[place]!)), key }), places.length);
      await breathe();
    }
  });
  const values = codes.of("codes");
  return pointsOf(values, values.length / rows.length);
};

interface ScoringInputs extends KeyedBatch {
  codes: Tensor;
}

const logMixture = async (
  { model, store, parameters, runner, dataset }: Trained,
  { values, n, width }: ReturnType<typeof pointsOf>,
  rows: Int32Array,
): Promise<Float64Array> => {
  const block = Math.max(1, Math.min(n, Math.floor(SCORED / (rows.length * width))));
  const program = parametersProgram("score codes", store, parameters, ({ codes, ...inputs }: ScoringInputs, noise) => {
    const given = mapValues(valuesOfCodes(model, codes), (value): Tensor => {
      const [count, ...shape] = value.shape as [number, ...number[]];
      return tf.broadcastTo(tf.expandDims(value, 1), [count, rows.length, ...shape]);
    });
    const inferred = model.infer(batchOf(inputs), { ...evaluationCall(noise), samples: block, given });
    const logQ = Object.keys(model.latents).map((latent) => siteOf(inferred, latent).logQ);
    return { scores: tf.sub(tf.logSumExp(tf.addN(logQ), 1), Math.log(rows.length)) };
  });
  const examples = batchInputs(dataset, dataset.split("train", "evaluation"), rows);
  const scores = new RowBuffer(n);
  await withProgram(runner, program, async (running) => {
    for (let start = 0; start < n; start += block) {
      // The last call scores surplus codes of 0.
      const data = new Float32Array(block * width);
      data.set(values.subarray(start * width, (start + block) * width));
      const key = keyInput(noiseKey(0, "score codes", 0));
      scores.add(running.call({ ...examples, codes: { shape: [block, width], data }, key }), block);
      await breathe();
    }
  });
  return Float64Array.from(scores.of("scores"));
};

const withLogVolume = async <T>(
  { model, store, parameters, runner, dataset }: Trained,
  { count, row }: { count: number; row: number },
  use: (at: LogVolume) => Promise<T>,
): Promise<T> => {
  const program = parametersProgram(
    "volume of codes",
    store,
    parameters,
    ({ codes, ...inputs }: ScoringInputs, noise) => {
      const sites = Object.values(model.infer(batchOf(inputs), { ...evaluationCall(noise), samples: 1 }).sites);
      const { logVolume } = sites[0]!.q;
      if (sites.length > 1 || !logVolume)
        throw new VaelabError("CONTRACT", { message: "a sampler asks for the metric of codes that have none" });
      return logVolume(codes);
    },
  );
  // The metric is that of any example.
  const example = batchInputs(dataset, dataset.split("train", "evaluation"), Int32Array.of(row));
  const key = keyInput(noiseKey(0, "volume of codes", 0));
  return withProgram(runner, program, (running) =>
    use(async ({ values, width }) => {
      const { value, gradient } = running.call({ ...example, codes: { shape: [count, width], data: values }, key });
      await breathe();
      return { value: Float32Array.from(value.data), gradient: Float32Array.from(gradient.data) };
    }),
  );
};

/** @param rows of the training split, in the order of the codes */
export const codePosterior = (trained: Trained, rows: ArrayLike<number>): CodePosterior => {
  const chosen = (places: Int32Array): Int32Array => places.map((place) => rows[place]!);
  return {
    draw: (places, uniform) => drawCodes(trained, chosen(places), uniform),
    withLogVolume: (count, use) => withLogVolume(trained, { count, row: rows[0]! }, use),
    logMixture: (codes, places) => logMixture(trained, codes, chosen(places)),
  };
};
