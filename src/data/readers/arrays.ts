/** Arrays of numbers in files: in every format a header with shape and element type, then the values row by row. */
import type { Shape, Support } from "../../tensor/fields.js";
import { sizeOf } from "../../tensor/fields.js";
import { COUNTS_BELOW } from "../../tensor/mathematics.js";
import type { Source } from "../split.js";
import { type Bytes, bytesInMemory, damaged } from "./data-file.js";
import type { ElementType } from "./element-types.js";

export interface ArrayHeader {
  /** For messages: the file's name, or file and member. */
  name: string;
  /** [examples, ...one example's]. */
  shape: Shape;
  type: ElementType;
  /** Byte of the first value. */
  start: number;
  /** Fortran order: the first axis varies fastest. */
  columnMajor?: boolean;
}
/** An array whose header was read and agrees with the size of its file; its values are not read yet. */
export interface ArrayFile extends ArrayHeader {
  /** Bytes of the file, with its values in row-major order. */
  open(): Bytes;
}

/** Total size in bytes of an undamaged file. */
export const fileSize = ({ shape, type, start }: ArrayHeader): number => start + sizeOf(shape) * type.bytes;

/**
 * Checks the header before anything is allocated.
 * @param most maximum size in bytes; the exact size if the file is not compressed
 * @throws DATA if header and file disagree
 */
export const checkClaim = (header: ArrayHeader, { most, packed }: { most: number; packed: boolean }): void => {
  const { name, shape, type } = header;
  const claimed = fileSize(header);
  const says = `its header says ${shape.join(" x ")} ${type.name}, ${claimed} bytes`;
  if (!Number.isSafeInteger(claimed)) throw damaged(name, `${says}: no file is that large`);
  if (packed ? claimed > most : claimed !== most)
    throw damaged(
      name,
      packed ? `${says}, which exceed what it can decompress to` : `${says}, but the file has ${most}`,
    );
  if (shape.length === 0) throw damaged(name, "this is a single number, not an array of examples");
  if (sizeOf(shape) === 0) throw damaged(name, `the array is empty: ${shape.join(" x ")}`);
};

/** Copies a column-major array to row-major order; returns other arrays unchanged. */
export const rowMajor = (header: ArrayHeader, content: Bytes): Bytes => {
  const { name, shape, type, start, columnMajor } = header;
  if (!columnMajor) return content;
  const width = type.bytes;
  const from = content.read(0, fileSize(header));
  const to = new Uint8Array(from.length);
  to.set(from.subarray(0, start));
  const steps = shape.map((_, axis) => width * sizeOf(shape.slice(0, axis)));
  const place = shape.map(() => 0);
  for (let out = start, source = start; out < to.length; out += width) {
    for (let byte = 0; byte < width; byte++) to[out + byte] = from[source + byte]!;
    // Step to the next index in row-major order.
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      source += steps[axis]!;
      if (++place[axis]! < shape[axis]!) break;
      source -= steps[axis]! * shape[axis]!;
      place[axis] = 0;
    }
  }
  return bytesInMemory(to, name);
};

export interface SourceOptions {
  support: Support;
  /** Number of categories, of codes and of one-hot vectors. */
  classes?: number | undefined;
  /** Divisor of the values. */
  divisor?: number;
  /** Position in the file's example of each value; the file's own order by default. */
  order?: Int32Array | undefined;
}

/** Reason why a value lies outside the support; undefined if it lies inside. */
const complaint = ({ support, classes = 0 }: SourceOptions): ((value: number) => string | undefined) => {
  switch (support) {
    case "binary":
    case "one-hot":
      return (value) => (value === 0 || value === 1 ? undefined : "neither 0 nor 1");
    case "unit":
      return (value) => (value >= 0 && value <= 1 ? undefined : "not between 0 and 1");
    case "count":
      return (value) => {
        if (!(Number.isSafeInteger(value) && value >= 0)) return "not a non-negative integer";
        return value < COUNTS_BELOW ? undefined : "too large: single precision holds counts below 2^24";
      };
    case "categorical":
      return (value) =>
        Number.isInteger(value) && value >= 0 && value < classes ? undefined : `not a code from 0 to ${classes - 1}`;
    case "positive":
      return (value) => (Number.isFinite(value) && value > 0 ? undefined : "not a finite number above 0");
    default:
      return (value) => (Number.isFinite(value) ? undefined : "not a finite number");
  }
};

/** Values as floats. @throws DATA naming row, element and byte of a value outside the support */
export const arraySource = (
  { name, shape, type, start, columnMajor }: ArrayHeader,
  bytes: Bytes,
  options: SourceOptions,
): Source => {
  const { support, divisor = 1, order } = options;
  if (type.kind === "text") throw damaged(name, `it contains ${type.name} instead of numbers`);
  const width = sizeOf(shape.slice(1));
  const wrong = complaint(options);
  const categories = support === "one-hot" ? options.classes! : undefined;
  return {
    width,
    fill: (row, out, at) => {
      const position = start + row * width * type.bytes;
      const content = bytes.read(position, width * type.bytes);
      const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
      for (let i = 0; i < width; i++) {
        const element = order ? order[i]! : i;
        const read = type.read(view, element * type.bytes) / divisor;
        const value = Math.fround(read);
        const reason = wrong(Number.isFinite(read) ? value : read);
        if (reason) {
          const byte = columnMajor ? "" : ` (byte ${position + element * type.bytes})`;
          const scaled = support === "unit" && value > 1;
          const remedy = 'Divide the values by their maximum, as in "scale": 255.';
          throw damaged(
            `${name} row ${row}, element ${element}${byte}`,
            `${value} is ${reason}`,
            scaled ? { remedy } : {},
          );
        }
        out[at + i] = value;
      }
      if (categories === undefined) return;
      for (let i = 0; i < width; i += categories) {
        const ones = out.subarray(at + i, at + i + categories).reduce((sum, bit) => sum + bit, 0);
        if (ones !== 1)
          throw damaged(
            `${name} row ${row}, elements ${i} to ${i + categories - 1}`,
            `${ones} of ${categories} are 1, but a one-hot vector has exactly one`,
          );
      }
    },
  };
};
