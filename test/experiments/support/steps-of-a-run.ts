/** The training steps of a spec, assembled and fed as a run does it, to be stepped through by hand. No engine is needed yet. */
import { builtins } from "../../../src/builtins.js";
import type { Split } from "../../../src/contracts/dataset.js";
import type { Host, HostTensors } from "../../../src/contracts/program.js";
import { assemble } from "../../../src/experiments/training/assemble.js";
import { keyInput, scalarInputs } from "../../../src/experiments/training/batches.js";
import { loadDataset } from "../../../src/experiments/training/checked-dataset.js";
import { residentSplit } from "../../../src/experiments/training/resident-split.js";
import {
  phasesDue,
  type TrainingInputs,
  type TrainingProgram,
  trainingProgram,
} from "../../../src/inference/training-program.js";
import { noiseKey, permutation, stream } from "../../../src/numerics/streams.js";
import { createBuilder } from "../../../src/registry/components/build.js";
import { createCatalogue } from "../../../src/registry/components/catalogue.js";
import { loadExperimentValue } from "../../../src/registry/experiment.js";
import type { ResolvedSpec } from "../../../src/spec/experiment-schema.js";

export interface StepsOfARun {
  spec: ResolvedSpec;
  initialValues: HostTensors;
  split: Split;
  program: TrainingProgram;
  rowsAt(step: number): Int32Array;
  keyAt(step: number): Int32Array;
  inputsAt(step: number): Host<TrainingInputs>;
  /** The phases due. */
  variantAt(step: number): string;
}

export const stepsOfARun = async (written: object): Promise<StepsOfARun> => {
  const { spec, catalogue, folder } = await loadExperimentValue(written, { catalogue: createCatalogue(builtins) });
  const builder = await createBuilder(catalogue);
  const dataset = await loadDataset(spec, builder, { folder });
  const assembled = await assemble(spec, dataset, builder);
  const { objective, schedules, initialValues, stepsPerEpoch } = assembled;
  const { batchSize, clipNorm } = spec.training;
  const split = dataset.split("train", "training");
  const batches = residentSplit(dataset, "train", "training");
  const rowsAt = (step: number): Int32Array => {
    const start = (step % stepsPerEpoch) * batchSize;
    const epoch = Math.floor(step / stepsPerEpoch);
    return permutation(split.size, stream(spec.seed, `order/${epoch}`)).slice(start, start + batchSize);
  };
  const keyAt = (step: number): Int32Array => noiseKey(spec.seed, "noise", step);
  return {
    spec,
    initialValues,
    split,
    program: batches.program(
      trainingProgram({ ...assembled, trainingSize: split.size, ...(clipNorm !== undefined && { clipNorm }) }),
    ),
    rowsAt,
    keyAt,
    inputsAt: (step) => ({
      ...batches.inputs(rowsAt(step)),
      scalars: scalarInputs(schedules.at(step)),
      key: keyInput(keyAt(step)),
    }),
    variantAt: (step) => phasesDue(objective, step),
  };
};
