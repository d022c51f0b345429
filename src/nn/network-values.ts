/** One field as a network sees it. */
import type { FieldSchema, Shape } from "../tensor/fields.js";
import { type Tensor, tf } from "../tensor/tensor.js";

/**
 * One-hot of numbers 0 ... classes - 1. Cast afterwards, because the wasm kernel writes integer bits if asked for float32.
 */
export const oneHot = (x: Tensor, classes: number): Tensor =>
  tf.cast(tf.oneHot(tf.cast(x, "int32"), classes), "float32");

export const isImage = ({ kind, shape }: FieldSchema): boolean => kind === "image" && shape.length === 3;

const isCategorical = ({ support }: FieldSchema): boolean => support === "categorical";
const classesOf = ({ classes }: FieldSchema): number => Math.max(2, classes ?? 2);

/** Shape of one example of a field as a network sees it: categories one-hot on a last axis, other fields unchanged. */
export const networkShape = (field: FieldSchema): Shape =>
  isCategorical(field) ? [...field.shape, classesOf(field)] : field.shape;
/** [N, ...shape] → [N, ...networkShape]. Counts x become ln(1 + x), because they may be large (Lopez et al. 2018). */
export const networkValue = (field: FieldSchema, x: Tensor): Tensor => {
  if (isCategorical(field)) return oneHot(x, classesOf(field));
  if (field.support === "count") return tf.log1p(x);
  const isCount = field.columns?.flatMap(({ kind, width }) => Array<boolean>(width).fill(kind === "count")) ?? [];
  if (!isCount.includes(true)) return x;
  const counts = tf.relu(tf.mul(x, tf.tensor1d(isCount.map(Number))));
  return tf.add(tf.log1p(counts), tf.mul(x, tf.tensor1d(isCount.map((each) => Number(!each)))));
};
