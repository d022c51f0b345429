/** Splits of one array of examples, and rows of columns: what data sets have in common. */
import { SPLITS, type Split, type SplitName } from "../core/contracts/data.js";
import { VaelabError } from "../core/errors.js";
import { permutation, type Stream } from "../core/rng.js";
import { sha256Bytes } from "../core/run-folder/files.js";
import { canonicalJson } from "../core/run-folder/json.js";

export type Sizes = Readonly<Record<SplitName, number>>;

/** @throws SPEC_INVALID when the splits need more examples than there are. */
export const checkSizes = (sizes: Sizes, available: number): void => {
  const asked = SPLITS.reduce((sum, name) => sum + sizes[name], 0);
  if (asked <= available) return;
  throw new VaelabError("SPEC_INVALID", {
    message: `train, validation and test ask for ${asked} examples, and there are ${available}`,
    where: "/data",
    remedy: "Make them smaller; they need not use all of the examples.",
  });
};

/**
 * Which examples each split holds, in its order. The test split is drawn first and the training split last, so that a smaller
 * training set is scored on the same examples.
 */
export const splitRows = (
  available: number,
  sizes: Sizes,
  uniform: Stream,
): Readonly<Record<SplitName, Int32Array>> => {
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
  /** Values an example. */
  width: number;
  values: Float32Array | Uint8Array;
}

/** A split that reads its examples from columns; `rows` says where in them they are. */
export const columnSplit = (columns: Readonly<Record<string, Column>>, rows: ArrayLike<number>): Split => ({
  size: rows.length,
  read: (asked) => {
    const gathered = Object.entries(columns).map(([name, { width, values }]): [string, Float32Array] => {
      const out = new Float32Array(asked.length * width);
      for (let i = 0; i < asked.length; i++) {
        const start = rowOf(rows, asked[i]!) * width;
        out.set(values.subarray(start, start + width), i * width);
      }
      return [name, out];
    });
    return Object.fromEntries(gathered);
  },
});

const rowOf = (rows: ArrayLike<number>, asked: number): number => {
  const row = rows[asked];
  if (row !== undefined) return row;
  throw new VaelabError("CONTRACT", { message: `row ${asked} was asked of a split of ${rows.length}` });
};

const sha256Of = ({ buffer, byteOffset, byteLength }: ArrayBufferView): string =>
  sha256Bytes(new Uint8Array(buffer, byteOffset, byteLength));

/** Of columns and splits: equal for equal values in equal places, whatever fields of a spec made them so. */
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
