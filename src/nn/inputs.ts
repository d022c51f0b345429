/** Turns fields and latents of any kind into the input tensor of a network. */
import { VaelabError } from "../errors.js";
import { type FieldSchema, type FieldSchemas, type Fields, type Shape, sizeOf } from "../tensor/fields.js";
import { type Tensor, tf } from "../tensor/tensor.js";
import { type Maps, mapsOfField } from "./maps.js";
import { isImage, networkShape, networkValue } from "./network-values.js";

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

/** Of images or sequences. */
export interface ImageFields extends Maps {
  channels: number;
  /** [N, height, width, channels]. */
  apply(fields: Fields): Tensor;
  /** Fields of another kind or size; a network appends them once the maps are flattened. */
  rest: FlatFields;
}

/**
 * Concatenates images of one size (that of the first by name) along the channels, with labels one-hot; returns other fields
 * apart. Without an image, the same of sequences, whose width is 1.
 * @throws CONTRACT if there is neither; encoders refuse such data at validation
 */
export const imageFields = (schemas: FieldSchemas): ImageFields => {
  const all = ordered(schemas).map(([, field]) => field);
  const first = all.find(isImage) ?? all.find(mapsOfField);
  const maps = first && mapsOfField(first);
  if (!maps) throw new VaelabError("CONTRACT", { message: "convolutions need an image or a sequence" });
  const [height, width] = maps.extent;
  const fits = (field: FieldSchema): boolean => {
    const extent = mapsOfField(field)?.extent;
    return field.kind === first.kind && extent?.[0] === height && extent[1] === width;
  };
  const channelsOf = (field: FieldSchema): number => sizeOf(networkShape(field)) / (height * width);
  const images = ordered(schemas).filter(([, field]) => fits(field));
  return {
    ...maps,
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
