/** Splits of an array of examples, and sources of their values; shared by all data sets. */

import { createHash, type Hash } from "node:crypto";
import { SPLITS, type Split, type SplitName } from "../contracts/dataset.js";
import { VaelabError } from "../errors.js";
import { permutation, type Stream } from "../numerics/streams.js";
import { sha256Bytes } from "../storage/files.js";
import { canonicalJson } from "../storage/json.js";
import { bytesOf } from "../storage/npy.js";

export type Sizes = Readonly<Record<SplitName, number>>;
export type SplitRows = Readonly<Record<SplitName, Int32Array>>;

/** @throws SPEC_INVALID if the splits need more examples than the data have. */
export const checkSizes = (sizes: Sizes, available: number): void => {
  const asked = SPLITS.reduce((sum, name) => sum + sizes[name], 0);
  if (asked <= available) return;
  throw new VaelabError("SPEC_INVALID", {
    message: `train, validation and test need ${asked} examples, but the data have ${available}`,
    where: "/data",
    remedy: "Make the splits smaller; they need not use all examples.",
  });
};

/**
 * Rows of each split, in order. The test split is drawn first and the training split last, so that a smaller training set
 * keeps the same test examples.
 */
export const splitRows = (available: number, sizes: Sizes, uniform: Stream): SplitRows => {
  checkSizes(sizes, available);
  const order = permutation(available, uniform);
  const train = sizes.test + sizes.validation;
  return {
    test: order.slice(0, sizes.test),
    validation: order.slice(sizes.test, train),
    train: order.slice(train, train + sizes.train),
  };
};

/** A field's values, one example after another. */
export interface Column {
  /** Values per example. */
  width: number;
  values: Float32Array | Uint8Array;
}

/** Values of a field by example: in memory, in a file, or computed on demand. */
export interface Source {
  /** Values per example. */
  readonly width: number;
  /** Writes the values of example `row` to `out`, starting at `at`. */
  fill(row: number, out: Float32Array, at: number): void;
}
export type Sources = Readonly<Record<string, Source>>;

export const inMemory = ({ width, values }: Column): Source => ({
  width,
  fill: (row, out, at) => out.set(values.subarray(row * width, (row + 1) * width), at),
});

const readRows = ({ width, fill }: Source, rows: ArrayLike<number>): Float32Array => {
  const out = new Float32Array(rows.length * width);
  for (let i = 0; i < rows.length; i++) fill(rows[i]!, out, i * width);
  return out;
};

/** A split that reads the examples `rows` from sources. `masks` are 1 where a value is observed. */
export const sourceSplit = (sources: Sources, rows: ArrayLike<number>, masks?: Sources): Split => {
  const read = (from: Sources, asked: ArrayLike<number>): Record<string, Float32Array> => {
    const places = Int32Array.from({ length: asked.length }, (_, i) => rowOf(rows, asked[i]!));
    return Object.fromEntries(Object.entries(from).map(([name, source]) => [name, readRows(source, places)]));
  };
  return {
    size: rows.length,
    read: (asked) => read(sources, asked),
    ...(masks && { observed: (asked: ArrayLike<number>) => read(masks, asked) }),
  };
};

/** The same, from columns in memory. */
export const columnSplit = (columns: Readonly<Record<string, Column>>, rows: ArrayLike<number>): Split =>
  sourceSplit(Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, inMemory(column)])), rows);

const rowOf = (rows: ArrayLike<number>, asked: number): number => {
  const row = rows[asked];
  if (row !== undefined) return row;
  throw new VaelabError("CONTRACT", { message: `row ${asked} is out of range for a split of ${rows.length}` });
};

const sha256Of = (values: ArrayBufferView): string => sha256Bytes(bytesOf(values));

/** Hash of columns and splits. It depends only on the values and their places, not on the spec that produced them. */
export const hashOf = (
  columns: Readonly<Record<string, Column>>,
  splits: Readonly<Record<string, Int32Array>>,
): string => {
  const hashes = {
    columns: Object.fromEntries(
      Object.entries(columns).map(([name, { width, values }]) => [name, { width, sha256: sha256Of(values) }]),
    ),
    splits: Object.fromEntries(Object.entries(splits).map(([name, rows]) => [name, sha256Of(rows)])),
  };
  return sha256Bytes(canonicalJson(hashes));
};

/** Examples in memory at a time. */
const CHUNK = 256;

/**
 * Hash of all values of every split in order, read once in blocks.
 * @param inspect called with each example, by field, split and index in the split; may throw
 */
export const hashOfSplits = (
  sources: Sources,
  splits: SplitRows,
  inspect?: (values: Float32Array, field: string, row: number) => void,
): string => {
  const hashes: Record<string, string> = {};
  for (const name of SPLITS)
    for (const [field, source] of Object.entries(sources)) {
      const hash: Hash = createHash("sha256");
      for (let start = 0; start < splits[name].length; start += CHUNK) {
        const rows = splits[name].subarray(start, start + CHUNK);
        const values = readRows(source, rows);
        if (inspect)
          rows.forEach((row, i) => {
            inspect(values.subarray(i * source.width, (i + 1) * source.width), field, row);
          });
        hash.update(bytesOf(values));
      }
      hashes[`${name}/${field}`] = hash.digest("hex");
    }
  const widths = Object.fromEntries(Object.entries(sources).map(([field, { width }]) => [field, width]));
  return sha256Bytes(canonicalJson({ hashes, widths }));
};
