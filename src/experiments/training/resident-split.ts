/**
 * How rows of a split reach a program that reads most of them, once or often: where the split is small enough it stays with the
 * engine whole and the program gathers the rows that it is fed the numbers of; else the rows are read here and fed. The numbers
 * that a program sees are the same. What was read whole last is kept: training, the refit and encoding all read the training
 * split.
 */
import type { Dataset, SplitName } from "../../contracts/dataset.js";
import type { HostTensor, HostTensors, Program } from "../../contracts/program.js";
import { mapValues } from "../../numerics/records.js";
import { sizeOf } from "../../tensor/fields.js";
import { type Tensor, tf } from "../../tensor/tensor.js";
import { batchInputs, rowsFrom } from "./batches.js";

/** Bytes of a split that may stay with the engine, beside the copy that the data set has; and of what is kept of them here. */
const RESIDENT_BYTES = 256 * 2 ** 20;

export interface SplitInputs {
  /** The program as it is to be started. */
  program(program: Program): Program;
  /** What it is to be fed for these rows. */
  inputs(rows: Int32Array): Record<string, HostTensor>;
}

export interface ResidentOptions {
  /** Rows that will be read in all: of fewer than the split has, it does not stay. */
  reads?: number;
  /** Bytes that may stay with the engine. */
  limit?: number;
}

type Purpose = Parameters<Dataset["split"]>[1];

interface Whole {
  dataset: object;
  /** "split/purpose" */
  part: string;
  values: HostTensors;
  bytes: number;
}
/** The ones that were asked for last, the newest at the end: no more than RESIDENT_BYTES of them. */
let kept: readonly Whole[] = [];

/** Every row of a split, in order. */
const wholeOf = (
  dataset: Pick<Dataset, "fields" | "split">,
  name: SplitName,
  purpose: Purpose,
  bytes: number,
): HostTensors => {
  const part = `${name}/${purpose}`;
  const known = kept.find((whole) => whole.dataset === dataset && whole.part === part);
  const read = (): Whole => {
    const split = dataset.split(name, purpose);
    const { index: _, ...values } = batchInputs(dataset, split, rowsFrom(0, split.size));
    return { dataset, part, values, bytes };
  };
  const whole = known ?? read();
  let room = RESIDENT_BYTES - bytes;
  const others = kept.toReversed().filter((other) => other !== whole && (room -= other.bytes) >= 0);
  kept = [...others.toReversed(), whole];
  return whole.values;
};

/** The split's values among a program's constants, of which a field that is fed all the same is none. */
const RESIDENT = "resident/";

export const residentSplit = (
  dataset: Pick<Dataset, "fields" | "split">,
  name: SplitName,
  purpose: Purpose,
  { reads = Number.POSITIVE_INFINITY, limit = RESIDENT_BYTES }: ResidentOptions = {},
): SplitInputs => {
  const split = dataset.split(name, purpose);
  const values = Object.values(dataset.fields).reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const bytes = split.size * values * Float32Array.BYTES_PER_ELEMENT * (split.observed ? 2 : 1);
  if (bytes > limit || reads < split.size)
    return { program: (program) => program, inputs: (rows) => batchInputs(dataset, split, rows) };

  const whole = wholeOf(dataset, name, purpose, bytes);
  const resident = Object.fromEntries(Object.entries(whole).map(([name, value]) => [RESIDENT + name, value]));
  return {
    program: (program) => ({
      ...program,
      constants: { ...program.constants, ...resident },
      run: (state, inputs, tools, variant) => {
        const rows = inputs.index as Tensor;
        const gathered = mapValues(whole, (_, name) => tf.gather(inputs[RESIDENT + name]!, rows as never));
        return program.run(state, { ...gathered, ...inputs }, tools, variant);
      },
    }),
    inputs: (rows) => ({ index: { shape: [rows.length], data: rows } }),
  };
};
