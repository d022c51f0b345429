/** Turns fields and latents of any kind into the input tensor of a network. */
import { VaelabError } from "../errors.js";
import { type FieldSchema, type FieldSchemas, type Fields, type Shape, sizeOf } from "../tensor/fields.js";
import { type Tensor, tf } from "../tensor/tensor.js";
import type { Extent } from "./convolution.js";

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

const ordered = <T>(named: Readonly<Record<string, T>>): [string, T][] =>
  Object.entries(named).sort(([a], [b]) => (a < b ? -1 : 1));
const flat = (x: Tensor): Tensor => tf.reshape(x, [x.shape[0]!, -1]);
const joined = (parts: Tensor[], axis: number): Tensor => (parts.length === 1 ? parts[0]! : tf.concat(parts, axis));

/** Input shape of a network for one field: maps of an image, units otherwise. */
export const networkInput = (field: FieldSchema): Shape => {
  const shape = networkShape(field);
  return isImage(field) ? [...shape.slice(0, 2), sizeOf(shape.slice(2))] : [sizeOf(shape)];
};

export interface FlatFields {
  size: number;
  /** [N, size]. */
  apply(fields: Fields): Tensor;
}

/** Fields by name, flattened and concatenated to [N, size], with labels one-hot. */
export const flattenFields = (schemas: FieldSchemas): FlatFields => {
  const fields = ordered(schemas);
  return {
    size: fields.reduce((sum, [, field]) => sum + sizeOf(networkShape(field)), 0),
    apply: (values) =>
      joined(
        fields.map(([name, field]) => flat(networkValue(field, values[name]!))),
        1,
      ),
  };
};

export interface ImageFields {
  extent: Extent;
  channels: number;
  /** [N, height, width, channels]. */
  apply(fields: Fields): Tensor;
  /** Fields that are not images of that size; a network appends them once the maps are flattened. */
  rest: FlatFields;
}

/**
 * Concatenates images of one size (that of the first by name) along the channels, with labels one-hot; returns other fields
 * apart.
 * @throws CONTRACT if there is no image; encoders refuse such data at validation
 */
export const imageFields = (schemas: FieldSchemas): ImageFields => {
  const first = ordered(schemas).find(([, field]) => isImage(field));
  if (!first) throw new VaelabError("CONTRACT", { message: "convolutions need an image, and there is none" });
  const [height = 1, width = 1] = first[1].shape;
  const fits = (field: FieldSchema): boolean => isImage(field) && field.shape[0] === height && field.shape[1] === width;
  const channelsOf = (field: FieldSchema): number => sizeOf(networkShape(field).slice(2));
  const images = ordered(schemas).filter(([, field]) => fits(field));
  return {
    extent: [height, width],
    channels: images.reduce((sum, [, field]) => sum + channelsOf(field), 0),
    apply: (values) =>
      joined(
        images.map(([name, field]) =>
          tf.reshape(networkValue(field, values[name]!), [-1, height, width, channelsOf(field)]),
        ),
        3,
      ),
    rest: flattenFields(Object.fromEntries(Object.entries(schemas).filter(([, field]) => !fits(field)))),
  };
};

/** Latents by name, flattened and concatenated to [N, size]. */
export const flattenLatents = (
  latents: Readonly<Record<string, Shape>>,
): { size: number; apply(values: Readonly<Record<string, Tensor>>): Tensor } => {
  const names = Object.keys(latents).sort();
  return {
    size: names.reduce((sum, name) => sum + sizeOf(latents[name]!), 0),
    apply: (values) =>
      joined(
        names.map((name) => flat(values[name]!)),
        1,
      ),
  };
};
