/** Arrays of numbers in files: whatever the format, a header that says shape and element type, then values row by row. */
import type { Shape, Support } from "../../tensor/fields.js";
import { sizeOf } from "../../tensor/fields.js";
import type { Source } from "../split.js";
import { type Bytes, damaged } from "./data-file.js";

export interface ElementType {
  /** For messages. */
  name: string;
  bytes: 1 | 2 | 4 | 8;
  kind: "boolean" | "integer" | "float";
  read(view: DataView, at: number): number;
}
type Reader = ElementType["read"];
const element = (name: string, bytes: ElementType["bytes"], kind: ElementType["kind"], read: Reader): ElementType => ({
  name,
  bytes,
  kind,
  read,
});

/** By numpy's letters without the byte order. @param little whether the lowest byte comes first */
export const elementType = (letters: string, little: boolean): ElementType | undefined => {
  switch (letters) {
    case "b1":
      return element("booleans", 1, "boolean", (view, at) => view.getUint8(at));
    case "u1":
      return element("bytes", 1, "integer", (view, at) => view.getUint8(at));
    case "i1":
      return element("signed bytes", 1, "integer", (view, at) => view.getInt8(at));
    case "u2":
      return element("unsigned 16-bit integers", 2, "integer", (view, at) => view.getUint16(at, little));
    case "i2":
      return element("16-bit integers", 2, "integer", (view, at) => view.getInt16(at, little));
    case "u4":
      return element("unsigned 32-bit integers", 4, "integer", (view, at) => view.getUint32(at, little));
    case "i4":
      return element("32-bit integers", 4, "integer", (view, at) => view.getInt32(at, little));
    case "u8":
      return element("unsigned 64-bit integers", 8, "integer", (view, at) => Number(view.getBigUint64(at, little)));
    case "i8":
      return element("64-bit integers", 8, "integer", (view, at) => Number(view.getBigInt64(at, little)));
    case "f4":
      return element("floats", 4, "float", (view, at) => view.getFloat32(at, little));
    case "f8":
      return element("doubles", 8, "float", (view, at) => view.getFloat64(at, little));
    default:
      return undefined;
  }
};

export interface ArrayHeader {
  /** For messages: the file's name, or file and member. */
  name: string;
  /** [examples, ...one example's]. */
  shape: Shape;
  type: ElementType;
  /** Byte of the first value. */
  start: number;
}
/** An array whose header was read and agrees with the size of its file; its values are not read yet. */
export interface ArrayFile extends ArrayHeader {
  open(): Bytes;
}

/** Bytes that a sound file has in all. */
export const fileSize = ({ shape, type, start }: ArrayHeader): number => start + sizeOf(shape) * type.bytes;

/**
 * Before anything is allocated.
 * @param most bytes that there can be; exactly so many where the file is not packed
 * @throws DATA where header and file disagree
 */
export const checkClaim = (header: ArrayHeader, { most, packed }: { most: number; packed: boolean }): void => {
  const { name, shape, type } = header;
  const claimed = fileSize(header);
  const says = `its header says ${shape.join(" x ")} ${type.name}, ${claimed} bytes`;
  if (!Number.isSafeInteger(claimed)) throw damaged(name, `${says}: no file has as many`);
  if (packed ? claimed > most : claimed !== most)
    throw damaged(name, packed ? `${says}: it cannot unpack to as many` : `${says}, and the file has ${most}`);
  if (shape.length === 0) throw damaged(name, "this is a single number, not an array of examples");
  if (sizeOf(shape) === 0) throw damaged(name, `the array is empty: ${shape.join(" x ")}`);
};

/** How values of one support are told from others; undefined where the value belongs. */
const complaint = (support: Support): ((value: number) => string | undefined) => {
  switch (support) {
    case "binary":
      return (value) => (value === 0 || value === 1 ? undefined : "neither 0 nor 1");
    case "unit":
      return (value) => (value >= 0 && value <= 1 ? undefined : "not between 0 and 1");
    case "count":
      return (value) => (Number.isSafeInteger(value) && value >= 0 ? undefined : "no natural number");
    default:
      return (value) => (Number.isFinite(value) ? undefined : "no finite number");
  }
};

/** Values as floats, divided by `divisor`; one outside of the support names its row and byte. */
export const arraySource = (
  { name, shape, type, start }: ArrayHeader,
  bytes: Bytes,
  support: Support,
  divisor = 1,
): Source => {
  const width = sizeOf(shape.slice(1));
  const wrong = complaint(support);
  return {
    width,
    fill: (row, out, at) => {
      const position = start + row * width * type.bytes;
      const content = bytes.read(position, width * type.bytes);
      const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
      for (let i = 0; i < width; i++) {
        const read = type.read(view, i * type.bytes) / divisor;
        const value = Math.fround(read);
        const reason = wrong(Number.isFinite(read) ? value : read);
        if (reason) {
          const where = `${name} row ${row}, element ${i} (byte ${position + i * type.bytes})`;
          throw damaged(where, `${value} is ${reason}`);
        }
        out[at + i] = value;
      }
    },
  };
};
