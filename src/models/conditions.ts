/** Conditions of generation: fields that the caller requests, or else fields of training examples. */

import type { CallContext } from "../contracts/call-context.js";
import type { Split } from "../contracts/dataset.js";
import { VaelabError } from "../errors.js";
import { networkShape, networkValue } from "../nn/index.js";
import { permutation, stream } from "../numerics/streams.js";
import { type FieldSchemas, type Fields, type Shape, sizeOf } from "../tensor/fields.js";
import { type Tensor, tf } from "../tensor/tensor.js";

/** Maximum number of training examples that conditions are drawn from; larger splits use a fixed subset. */
const ROWS = 10_000;
/** Rows per read, because a split reads all of its fields. */
const CHUNK = 500;

/** Fields of training examples, by column, one example after another. */
export interface ConditionTable {
  /** Rows of the examples in the split. */
  rows: Int32Array;
  columns: Readonly<Record<string, Float32Array>>;
}
export const conditionTable = (fields: FieldSchemas, split: Split): ConditionTable => {
  const names = Object.keys(fields);
  const rows = Int32Array.from(permutation(split.size, stream(0, "conditions")).slice(0, ROWS));
  const columns = Object.fromEntries(
    names.map((name) => [name, new Float32Array(rows.length * sizeOf(fields[name]!.shape))]),
  );
  for (let start = 0; start < rows.length; start += CHUNK) {
    const read = split.read(rows.slice(start, start + CHUNK));
    for (const name of names) columns[name]!.set(read[name]!, start * sizeOf(fields[name]!.shape));
  }
  return { rows, columns };
};

/** Draws these fields, [count, ...]; all fields of a draw come from one training example. */
export const conditionSource = (
  fields: FieldSchemas,
  split: Split | undefined,
): ((count: number, context: CallContext) => Fields) => {
  const names = Object.keys(fields);
  if (names.length === 0) return () => ({});
  if (!split)
    throw new VaelabError("CONTRACT", { message: `conditions on "${names.join('", "')}" require a training split` });
  let table: ConditionTable | undefined;
  return (count, { noise }) => {
    table ??= conditionTable(fields, split);
    const { rows, columns } = table;
    const size = rows.length;
    const uniform = noise.uniform("example", [count]);
    const row = tf.cast(tf.minimum(tf.floor(tf.mul(uniform, size)), size - 1), "int32");
    return Object.fromEntries(
      names.map((name) => [name, tf.gather(tf.tensor(columns[name]!, [size, ...fields[name]!.shape]), row)]),
    );
  };
};

/** A field as priors and decoders see it, for every value of the leading axes: [...leading, ...networkShape]. */
export const conditionOn = (
  name: string,
  fields: FieldSchemas,
  conditions: Fields | undefined,
  leading: Shape,
): Tensor => {
  const value = conditions?.[name];
  if (!value) {
    throw new VaelabError("CONTRACT", {
      message: `the model is conditioned on "${name}", but no value is given`,
      remedy:
        "Pass the fields of `model.conditions` to `generate` and `samplePrior`, or use `generate` of src/inference/generate.ts.",
    });
  }
  const field = fields[name]!;
  return tf.broadcastTo(networkValue(field, value), [...leading, ...networkShape(field)]);
};
