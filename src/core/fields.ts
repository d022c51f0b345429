/** What a data set holds, by name: the shapes and supports that the parts of a model are built from. */
import type { Tensor } from "./tensor.js";

export type Shape = readonly number[];
export const sizeOf = (shape: Shape): number => shape.reduce((product, size) => product * size, 1);

/** Where a field's values lie: {0, 1}, [0, 1], the reals, {0, ..., classes - 1}, or the natural numbers. */
export type Support = "binary" | "unit" | "real" | "categorical" | "count";

export interface FieldSchema {
  kind: "image" | "vector" | "label";
  /** One example's shape: [height, width, channels], [columns], or [] for a label. */
  shape: Shape;
  support: Support;
  /** Of a categorical field. */
  classes?: number;
}

export type FieldSchemas = Readonly<Record<string, FieldSchema>>;

/** Named tensors, each [N, ...shape of its field]. */
export type Fields = Readonly<Record<string, Tensor>>;

export interface Batch {
  fields: Fields;
  /** Masks of the same leading shape: 1 where the value, label or position is there. Absent: all of them are. */
  observed?: Fields;
  /** int32 [N]: which examples these are; per-example results are keyed by it. */
  index: Tensor;
}
