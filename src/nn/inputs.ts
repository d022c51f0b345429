/** From fields and latents of any kind to the one tensor that a network begins with. */
import { VaelabError } from "../errors.js";
import { type FieldSchema, type FieldSchemas, type Fields, type Shape, sizeOf } from "../tensor/fields.js";
import { type Tensor, tf } from "../tensor/tensor.js";
import type { Extent } from "./convolution.js";

/** Of numbers 0 ... classes - 1. Cast afterwards: asked for float32, the wasm kernel writes the bits of an integer. */
export const oneHot = (x: Tensor, classes: number): Tensor =>
  tf.cast(tf.oneHot(tf.cast(x, "int32"), classes), "float32");

export const isImage = ({ kind, shape }: FieldSchema): boolean => kind === "image" && shape.length === 3;

const isCategorical = ({ support }: FieldSchema): boolean => support === "categorical";
const classesOf = ({ classes }: FieldSchema): number => Math.max(2, classes ?? 2);

/** One example's shape of a field as a network sees it: categories one-hot on a last axis, everything else as it is. */
export const networkShape = (field: FieldSchema): Shape =>
  isCategorical(field) ? [...field.shape, classesOf(field)] : field.shape;
/** [N, ...shape] → [N, ...networkShape]. */
export const networkValue = (field: FieldSchema, x: Tensor): Tensor =>
  isCategorical(field) ? oneHot(x, classesOf(field)) : x;

const ordered = <T>(named: Readonly<Record<string, T>>): [string, T][] =>
  Object.entries(named).sort(([a], [b]) => (a < b ? -1 : 1));
const flat = (x: Tensor): Tensor => tf.reshape(x, [x.shape[0]!, -1]);
const joined = (parts: Tensor[], axis: number): Tensor => (parts.length === 1 ? parts[0]! : tf.concat(parts, axis));

/** The shape that a network of one field begins with: maps of an image, units of anything else. */
export const networkInput = (field: FieldSchema): Shape => {
  const shape = networkShape(field);
  return isImage(field) ? [...shape.slice(0, 2), sizeOf(shape.slice(2))] : [sizeOf(shape)];
};

export interface FlatFields {
  size: number;
  /** [N, size]. */
  apply(fields: Fields): Tensor;
}

/** Fields in the order of their names, flattened and joined to [N, size]; categories one-hot. */
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
  /** Whatever is no image of that extent, for a network to take in where maps have become features. */
  rest: FlatFields;
}

/**
 * Images of one extent (that of the first by name) side by side on the channels, categories one-hot; other fields apart.
 * @throws CONTRACT where there is no image: an encoder refuses such data at validation
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

/** Latents of any shapes in the order of their names, flattened and joined to [N, size]. */
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
