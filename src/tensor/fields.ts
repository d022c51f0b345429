/** The fields of a data set: names, shapes and supports, from which the parts of a model are built. */
import type { Tensor } from "./tensor.js";

export type Shape = readonly number[];
/** "[28, 28, 1]". */
export const showShape = (shape: Shape): string => `[${shape.join(", ")}]`;

export const sizeOf = (shape: Shape): number => shape.reduce((product, size) => product * size, 1);

/**
 * Supports of values: {0, 1}, [0, 1], the reals, the reals above 0, {0, ..., classes - 1}, vectors along the last axis that are
 * 1 at one place and 0 elsewhere, and the natural numbers.
 */
export const SUPPORTS = ["binary", "unit", "real", "positive", "categorical", "one-hot", "count"] as const;
export type Support = (typeof SUPPORTS)[number];

export interface FieldSchema {
  kind: "image" | "vector" | "label";
  /** One example's shape: [height, width, channels], [columns], or [] for a label. */
  shape: Shape;
  support: Support;
  /** Number of classes of a categorical field. */
  classes?: number;
  /** Names of the classes, if they have names. */
  names?: readonly string[];
  /** Values are k + u over so many levels, k an integer and u noise: their density bounds a mass (`bitsPerDimension`). */
  levels?: number;
  /** Columns of the table, in the order of the elements, if the vector is a row of a table. */
  columns?: readonly ColumnSchema[];
}

/** One column of a table, as a slice of a vector. */
export interface ColumnSchema {
  name: string;
  kind: "numeric" | "positive" | "binary" | "categorical" | "count";
  /** Elements of the column: one for each category, else 1. */
  width: number;
  categories?: readonly string[];
}

export type FieldSchemas = Readonly<Record<string, FieldSchema>>;

/** What the classes of a categorical field are called, in the order of their codes: names, or the codes themselves. */
export const classNames = ({ names, classes = 0 }: FieldSchema): readonly string[] =>
  names ?? Array.from({ length: classes }, (_, code) => String(code));

/** Named tensors, each [N, ...shape of its field]. */
export type Fields = Readonly<Record<string, Tensor>>;

export interface Batch {
  fields: Fields;
  /** Masks of the same leading shape: 1 where the value, label or position is present. If absent, all are present. */
  observed?: Fields;
  /** int32 [N]: which examples these are; per-example results are keyed by it. */
  index: Tensor;
}
