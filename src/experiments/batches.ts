/** Rows of a split as the inputs of a program. */
import type { DatasetDescription, Split } from "../core/contracts/data.js";
import type { HostTensor, HostTensors } from "../core/program.js";

export const batchInputs = (
  { fields }: DatasetDescription,
  split: Split,
  rows: Int32Array,
): Record<string, HostTensor> => {
  const inputs: Record<string, HostTensor> = { index: { shape: [rows.length], data: rows } };
  const put = (prefix: string, columns: Readonly<Record<string, Float32Array>>): void => {
    for (const [name, data] of Object.entries(columns))
      inputs[`${prefix}/${name}`] = { shape: [rows.length, ...(fields[name]?.shape ?? [])], data };
  };
  put("field", split.read(rows));
  if (split.observed) put("observed", split.observed(rows));
  return inputs;
};

/** Examples that are evaluated together, always: their noise is keyed by block, so that figures do not depend on memory. */
export const BLOCK = 100;

/** The blocks of a split in order; the last may be smaller. */
export const blocksOf = (size: number): { start: number; rows: Int32Array }[] =>
  Array.from({ length: Math.ceil(size / BLOCK) }, (_, i) => {
    const start = i * BLOCK;
    return { start, rows: Int32Array.from({ length: Math.min(BLOCK, size - start) }, (_, j) => start + j) };
  });

export const scalarInputs = (values: Readonly<Record<string, number>>): HostTensors =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [`scalar/${name}`, { shape: [], data: Float32Array.of(value) }]),
  );

export const keyInput = (key: Int32Array): HostTensor => ({ shape: [2], data: key });
