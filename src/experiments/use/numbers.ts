/** Arrays as a program of JavaScript has them, as row-major numbers with a shape. */
import { VaelabError } from "../../errors.js";
import { showShape, sizeOf } from "../../tensor/fields.js";

type TypedNumbers =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | Uint8Array
  | Uint8ClampedArray
  | Uint16Array
  | Uint32Array;
type Nested = readonly (number | null | string | Nested | TypedNumbers)[];
/** A row-major array with its shape, [examples, ...]. */
export interface ShapedNumbers {
  shape: readonly number[];
  data: TypedNumbers | readonly number[];
}
/** Values of examples: nested arrays, a flat typed array of one example after another, or an array with its shape. */
export type Numbers = TypedNumbers | Nested | ShapedNumbers;

export interface RowMajor {
  count: number;
  /** [count, ...one example's], with NaN for what is missing. */
  data: Float32Array;
  /** Whether the numbers were bytes. */
  bytes: boolean;
}

const isTyped = (value: unknown): value is TypedNumbers => ArrayBuffer.isView(value) && !(value instanceof DataView);
const isBytes = (value: unknown): boolean => value instanceof Uint8Array || value instanceof Uint8ClampedArray;
const isShaped = (value: unknown): value is ShapedNumbers =>
  typeof value === "object" && value !== null && "shape" in value && "data" in value;

const refuse = (where: string, message: string, remedy: string): VaelabError =>
  new VaelabError("USAGE", { where, message, remedy });

/** Reads a value that is not a number: a class by its name, say. @returns NaN where it is missing. @throws USAGE */
export type ReadText = (text: string, where: string) => number;

/** Appends the numbers of a nest, depth first, and checks that its arrays are equally long. */
const flatten = (
  value: unknown,
  shape: readonly number[],
  out: Float32Array,
  at: { next: number },
  where: string,
  text: ReadText,
): void => {
  const [length, ...inner] = shape;
  if (length === undefined) {
    if (typeof value === "string") out[at.next++] = text(value, where);
    else if (value === null || value === undefined) out[at.next++] = Number.NaN;
    else if (typeof value === "number" || typeof value === "boolean") out[at.next++] = Number(value);
    else
      throw refuse(where, `expected a number, but found ${Array.isArray(value) ? "an array" : typeof value}`, SHAPES);
    return;
  }
  if (!Array.isArray(value) && !isTyped(value))
    throw refuse(where, `expected an array of ${length}, but found ${value === null ? "null" : typeof value}`, SHAPES);
  if (value.length !== length) throw refuse(where, `expected ${length} values, but found ${value.length}`, SHAPES);
  for (let i = 0; i < length; i++) flatten(value[i], inner, out, at, `${where}[${i}]`, text);
};
const SHAPES = "Give every example the shape of the field.";

/**
 * @param shape one example's
 * @param name of the field, for messages
 * @throws USAGE where the values do not have the shape of the field
 */
export const rowMajor = (values: Numbers, shape: readonly number[], name: string, text: ReadText): RowMajor => {
  const width = sizeOf(shape);
  const expected = `[examples${shape.map((size) => `, ${size}`).join("")}]`;
  if (isShaped(values)) {
    const [count = 0, ...own] = values.shape;
    if (own.join() !== shape.join() || values.data.length !== sizeOf(values.shape))
      throw refuse(
        name,
        `the array has the shape ${showShape(values.shape)} and ${values.data.length} values`,
        `Give it the shape ${expected}.`,
      );
    return { count, data: Float32Array.from(values.data), bytes: isBytes(values.data) };
  }
  if (isTyped(values)) {
    const count = values.length / width;
    if (!Number.isInteger(count))
      throw refuse(name, `${values.length} values are no whole number of examples`, `An example has ${width} values.`);
    return { count, data: Float32Array.from(values), bytes: isBytes(values) };
  }
  if (!Array.isArray(values))
    throw refuse(name, `expected an array, but found ${typeof values}`, `Its shape is ${expected}.`);
  const data = new Float32Array(values.length * width);
  const at = { next: 0 };
  for (const [i, value] of values.entries()) flatten(value, shape, data, at, `${name}[${i}]`, text);
  return { count: values.length, data, bytes: values.length > 0 && values.every(isBytes) };
};
