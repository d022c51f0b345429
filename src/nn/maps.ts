/** How convolutions see a field: an image as maps [height, width, channels], a sequence as maps [length, 1, channels]. */
import type { FieldSchema } from "../tensor/fields.js";
import type { Extent, Stride } from "./convolution.js";
import { isImage, networkShape } from "./network-values.js";

export interface Maps {
  extent: Extent;
  /** A window or a stride of one number, for these maps: a sequence has none across. */
  along(size: Stride): Stride;
}

/** A sequence is a vector of the shape [length, channels], or of categories [length]. */
export const isSequence = (field: FieldSchema): boolean => field.kind === "vector" && networkShape(field).length === 2;

/** undefined where a field is neither an image nor a sequence. */
export const mapsOfField = (field: FieldSchema): Maps | undefined => {
  const [first = 1, second = 1] = field.shape;
  if (isImage(field)) return { extent: [first, second], along: (size) => size };
  if (!isSequence(field)) return undefined;
  return { extent: [first, 1], along: (size) => (typeof size === "number" ? [size, 1] : size) };
};

/** "an image of 28 x 28", "a sequence of 28". */
export const showMaps = (field: FieldSchema): string =>
  isImage(field) ? `an image of ${field.shape.slice(0, 2).join(" x ")}` : `a sequence of ${field.shape[0]}`;
