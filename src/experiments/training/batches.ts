/** Rows of a split as the inputs of a program. */
import type { DatasetDescription, Split } from "../../contracts/dataset.js";
import type { Host, HostTensor, HostTensors } from "../../contracts/program.js";
import type { BatchInputs } from "../../inference/step.js";
import { mapValues } from "../../numerics/records.js";
import { type FieldSchemas, sizeOf } from "../../tensor/fields.js";

export const batchInputs = (
  { fields }: Pick<DatasetDescription, "fields">,
  split: Split,
  rows: Int32Array,
): Host<BatchInputs> => {
  const schemas = split.fields ?? fields;
  const tensorsOf = (columns: Readonly<Record<string, Float32Array>>): HostTensors =>
    mapValues(columns, (data, name) => ({ shape: [rows.length, ...(schemas[name]?.shape ?? [])], data }));
  return {
    fields: tensorsOf(split.read(rows)),
    ...(split.observed && { observed: tensorsOf(split.observed(rows)) }),
    index: { shape: [rows.length], data: rows },
  };
};

/** The rows `start`, `start` + 1, ... */
export const rowsFrom = (start: number, count: number): Int32Array => {
  const rows = new Int32Array(count);
  for (let i = 0; i < count; i++) rows[i] = start + i;
  return rows;
};

/** Examples per evaluation block. Fixed, because noise is keyed by block, so that figures do not depend on memory. */
export const BLOCK = 100;

export interface RowBlock {
  start: number;
  rows: Int32Array;
}

/** The blocks of a split in order; the last may be smaller. */
export const blocksOf = (size: number, block = BLOCK): RowBlock[] =>
  Array.from({ length: Math.ceil(size / block) }, (_, i) => {
    const start = i * block;
    return { start, rows: rowsFrom(start, Math.min(block, size - start)) };
  });

/** Rows and bytes of a block where no noise is drawn: as much as is quick to read, and a single row where rows are wide. */
const MOST_ROWS = 1024;
const MOST_BYTES = 2 ** 25;

/** Blocks for a walk over the values of a split. */
export const readingBlocks = (size: number, fields: FieldSchemas): RowBlock[] => {
  const values = Object.values(fields).reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const fitting = Math.floor(MOST_BYTES / (values * Float32Array.BYTES_PER_ELEMENT));
  return blocksOf(size, Math.min(MOST_ROWS, Math.max(1, fitting)));
};

/** Blocks that go into one call where a block alone would leave the machine idle. */
const TOGETHER = 20;

export interface BlockGroup {
  /** Its first row. */
  start: number;
  rows: Int32Array;
  /** The numbers of its blocks. */
  blocks: readonly number[];
}
/** The blocks of a split in order, several in a group; a last one that is not full has a group of its own. */
export const blockGroupsOf = (size: number): BlockGroup[] => {
  const groups: BlockGroup[] = [];
  const add = (first: number, count: number, rows: number): void => {
    const start = first * BLOCK;
    groups.push({
      start,
      rows: rowsFrom(start, rows),
      blocks: Array.from({ length: count }, (_, i) => first + i),
    });
  };
  const full = Math.floor(size / BLOCK);
  for (let first = 0; first < full; first += TOGETHER) {
    const count = Math.min(TOGETHER, full - first);
    add(first, count, count * BLOCK);
  }
  if (size > full * BLOCK) add(full, 1, size - full * BLOCK);
  return groups;
};

export const scalarInput = (value: number): HostTensor => ({ shape: [], data: Float32Array.of(value) });
export const scalarInputs = (values: Readonly<Record<string, number>>): HostTensors => mapValues(values, scalarInput);

export const keyInput = (key: Int32Array): HostTensor => ({ shape: [2], data: key });
/** The keys of a group of blocks. */
export const keysInput = (keys: readonly Int32Array[]): HostTensor =>
  keys.length === 1
    ? keyInput(keys[0]!)
    : { shape: [keys.length, 2], data: Int32Array.from(keys.flatMap((key) => [...key])) };
