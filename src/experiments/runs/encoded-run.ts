/** A finished run's model as data for another run: every example of its data set, encoded once. */

import type { EncodedRun, SplitName } from "../../contracts/dataset.js";
import { evaluationCall } from "../../inference/call.js";
import { posteriorMeans } from "../../inference/elbo-terms.js";
import { posteriorDraws } from "../../inference/posterior-draws.js";
import { batchOf, type KeyedBatch } from "../../inference/step.js";
import { noiseKey } from "../../numerics/streams.js";
import { sizeOf } from "../../tensor/fields.js";
import { tf } from "../../tensor/tensor.js";
import { breathe, parametersProgram, type Trained, withProgram } from "../evaluation/evaluation-program.js";
import { batchInputs, blocksOf, keyInput } from "../training/batches.js";

/** @param samples draws an example, keyed by `seed`; 0: the means */
export const encodedRun = (
  { model, store, parameters, runner, dataset }: Trained,
  { samples, seed }: { samples: number; seed: number },
): EncodedRun => {
  const size = Object.values(model.latents).reduce((sum, shape) => sum + sizeOf(shape), 0);
  const count = Math.max(1, samples);
  const program = parametersProgram("codes", store, parameters, (inputs: KeyedBatch, noise) => {
    const inferred = model.infer(batchOf(inputs), { ...evaluationCall(noise), samples: count });
    if (samples === 0) return { codes: tf.expandDims(posteriorMeans(model, inferred), 1) };
    return { codes: tf.transpose(posteriorDraws(model, inferred, noise.fork("choice")), [1, 0, 2]) };
  });
  const codesOf = (split: SplitName): Promise<Float32Array> =>
    withProgram(runner, program, async (running) => {
      const examples = dataset.split(split, "evaluation");
      const all = new Float32Array(examples.size * count * size);
      for (const [block, { start, rows }] of blocksOf(examples.size).entries()) {
        const key = keyInput(noiseKey(seed, `codes/${split}`, block));
        const { codes } = running.call({ ...batchInputs(dataset, examples, rows), key });
        all.set(codes!.data, start * count * size);
        await breathe();
      }
      return all;
    });
  return { dataset, size, codesOf };
};
