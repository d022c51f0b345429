/**
 * How rows of a split reach a program that reads most of them, once or often: where the split is small enough it stays with the
 * engine whole and the program gathers the rows that it is fed the numbers of; else the rows are read here and fed. The numbers
 * that a program sees are the same. What was read whole last is kept: training, the refit and encoding all read the training
 * split.
 */
import type { Dataset, SplitName } from "../../contracts/dataset.js";
import type { Host, Program, Some } from "../../contracts/program.js";
import type { BatchInputs } from "../../inference/step.js";
import { mapValues } from "../../numerics/records.js";
import { sizeOf } from "../../tensor/fields.js";
import type { Bindings } from "../../tensor/parameters.js";
import { tf } from "../../tensor/tensor.js";
import { batchInputs, rowsFrom } from "./batches.js";

/** Bytes of a split that may stay with the engine, beside the copy that the data set has; and of what is kept of them here. */
const RESIDENT_BYTES = 256 * 2 ** 20;

export interface SplitInputs {
  /** The program as it is to be started. */
  program<State, Inputs extends BatchInputs, Outputs>(
    program: Program<State, Inputs, Outputs>,
  ): Program<State, Inputs, Outputs>;
  /** What it is to be fed for these rows. */
  inputs(rows: Int32Array): Host<BatchInputs>;
}

export interface ResidentOptions {
  /** Rows that will be read in all: of fewer than the split has, it does not stay. */
  reads?: number;
  /** Bytes that may stay with the engine. */
  limit?: number;
}

type Purpose = Parameters<Dataset["split"]>[1];

type WholeSplit = Pick<Host<BatchInputs>, "fields" | "observed">;
interface Whole {
  dataset: object;
  /** "split/purpose" */
  part: string;
  values: WholeSplit;
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
): WholeSplit => {
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

/** What a program that reads a resident split finds among its inputs: the split's values, of which it is fed none. */
interface WithResident extends BatchInputs {
  resident: { fields: Bindings; observed?: Bindings };
}

/** The program, which gathers the rows that it is fed the numbers of. What it is fed all the same takes precedence. */
const gathering = <State, Inputs extends BatchInputs, Outputs>(
  program: Program<State, Inputs, Outputs>,
  resident: WholeSplit,
): Program<State, Inputs, Outputs> => ({
  ...program,
  constants: { ...program.constants, resident } as unknown as Some<Host<Inputs>>,
  run: (state, inputs, tools, variant) => {
    const { resident, ...fed } = inputs as Inputs & WithResident;
    const gather = (values: Bindings = {}): Bindings =>
      mapValues(values, (value) => tf.gather(value, inputs.index as never));
    const fields = { ...gather(resident.fields), ...fed.fields };
    const observed = { ...gather(resident.observed), ...fed.observed };
    const batch = { ...fed, fields, ...(Object.keys(observed).length > 0 && { observed }) };
    return program.run(state, batch as unknown as Inputs, tools, variant);
  },
});

type Rows = Pick<Dataset, "fields" | "split">;
const bytesOf = ({ fields }: Rows, { size, observed }: ReturnType<Dataset["split"]>): number => {
  const values = Object.values(fields).reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  return size * values * Float32Array.BYTES_PER_ELEMENT * (observed ? 2 : 1);
};

/** Bytes that stay with the engine of a split that is read often; 0 where it is too large to stay. */
export const residentBytes = (dataset: Rows, name: SplitName): number => {
  const bytes = bytesOf(dataset, dataset.split(name, "training"));
  return bytes > RESIDENT_BYTES ? 0 : bytes;
};

export const residentSplit = (
  dataset: Rows,
  name: SplitName,
  purpose: Purpose,
  { reads = Number.POSITIVE_INFINITY, limit = RESIDENT_BYTES }: ResidentOptions = {},
): SplitInputs => {
  const split = dataset.split(name, purpose);
  const bytes = bytesOf(dataset, split);
  if (bytes > limit || reads < split.size)
    return { program: (program) => program, inputs: (rows) => batchInputs(dataset, split, rows) };

  const whole = wholeOf(dataset, name, purpose, bytes);
  return {
    program: (program) => gathering(program, whole),
    inputs: (rows) => ({ fields: {}, index: { shape: [rows.length], data: rows } }),
  };
};
