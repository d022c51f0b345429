/**
 * How a training batch reaches a step: where the split is small enough it stays with the engine whole and the step gathers the
 * rows that it is fed the numbers of; else the rows are read here and fed. The numbers that a step sees are the same.
 */
import type { DatasetDescription, Split } from "../core/contracts/data.js";
import { sizeOf } from "../core/fields.js";
import type { HostTensor, Program } from "../core/program.js";
import { mapValues } from "../core/records.js";
import { type Tensor, tf } from "../core/tensor.js";
import { batchInputs } from "./batches.js";

/** Bytes of a split that may stay with the engine, beside the copy that the data set has. */
const RESIDENT_BYTES = 256 * 2 ** 20;

export interface TrainingBatches {
  /** The program as it is to be started. */
  program(program: Program): Program;
  /** What it is to be fed for these rows. */
  inputs(rows: Int32Array): Record<string, HostTensor>;
}

/** @param limit bytes that may stay with the engine. */
export const trainingBatches = (
  description: DatasetDescription,
  split: Split,
  limit: number = RESIDENT_BYTES,
): TrainingBatches => {
  const values = Object.values(description.fields).reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const bytes = split.size * values * Float32Array.BYTES_PER_ELEMENT * (split.observed ? 2 : 1);
  if (bytes > limit) return { program: (program) => program, inputs: (rows) => batchInputs(description, split, rows) };

  const everyRow = Int32Array.from({ length: split.size }, (_, row) => row);
  const { index: _, ...resident } = batchInputs(description, split, everyRow);
  return {
    program: (program) => ({
      ...program,
      constants: { ...program.constants, ...resident },
      run: (state, inputs, tools, variant) => {
        const rows = inputs.index as Tensor;
        const gathered = mapValues(resident, (_, name) => tf.gather(inputs[name]!, rows as never));
        return program.run(state, { ...inputs, ...gathered }, tools, variant);
      },
    }),
    inputs: (rows) => ({ index: { shape: [rows.length], data: rows } }),
  };
};
