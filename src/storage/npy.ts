/**
 * One array in numpy's .npy format, version 1.0 (numpy.lib.format): magic, header length, a Python dictionary padded with
 * spaces to 64 bytes, row-major values, little endian. The bytes are those that numpy.save writes.
 */
import { VaelabError } from "../errors.js";
import { showShape, sizeOf } from "../tensor/fields.js";

export interface NumpyArray {
  readonly shape: readonly number[];
  /** Bytes are booleans. */
  readonly data: Float32Array | Float64Array | Int32Array | Uint8Array;
}
/** Strings, which numpy stores in UTF-32, padded with zeros to the longest one. */
export interface NumpyText {
  readonly shape: readonly number[];
  readonly text: readonly string[];
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59] as const;
const TYPES = { "<f4": Float32Array, "<f8": Float64Array, "<i4": Int32Array, "|b1": Uint8Array } as const;
export type Descriptor = keyof typeof TYPES | `<U${number}`;
type NumberDescriptor = keyof typeof TYPES;
const isNumber = (descriptor: string): descriptor is NumberDescriptor => Object.hasOwn(TYPES, descriptor);

const CHARACTER_BYTES = 4;
export const bytesPerElement = (descriptor: Descriptor): number =>
  isNumber(descriptor) ? TYPES[descriptor].BYTES_PER_ELEMENT : CHARACTER_BYTES * Number(descriptor.slice(2));

const numberDescriptor = ({ data }: NumpyArray): NumberDescriptor => {
  if (data instanceof Float32Array) return "<f4";
  if (data instanceof Float64Array) return "<f8";
  return data instanceof Int32Array ? "<i4" : "|b1";
};

/** The dtype in which numpy stores these strings. */
export const packText = (text: readonly string[]): { dtype: Descriptor; bytes: Uint8Array } => {
  const characters = text.map((each) => Array.from(each, (character) => character.codePointAt(0)!));
  const longest = characters.reduce((most, { length }) => Math.max(most, length), 1);
  const bytes = new Uint8Array(text.length * longest * CHARACTER_BYTES);
  const view = new DataView(bytes.buffer);
  for (const [i, points] of characters.entries())
    for (const [j, point] of points.entries()) view.setUint32((i * longest + j) * CHARACTER_BYTES, point, true);
  return { dtype: `<U${longest}`, bytes };
};

/** numpy reserves 21 digits for the first axis, so that it can grow in place. */
const GROWTH_DIGITS = 21;

/** Bytes before the values. */
export const npyHeader = (descriptor: Descriptor, shape: readonly number[]): Uint8Array => {
  const tuple = `(${shape.join(", ")}${shape.length === 1 ? "," : ""})`;
  const growth = " ".repeat(shape.length === 0 ? 0 : GROWTH_DIGITS - String(shape[0]).length);
  const dictionary = `{'descr': '${descriptor}', 'fortran_order': False, 'shape': ${tuple}, }${growth}`;
  const start = Math.ceil((10 + dictionary.length + 1) / 64) * 64;
  const bytes = new Uint8Array(start).fill(0x20, 10, start - 1);
  bytes.set([...MAGIC, 1, 0]);
  new DataView(bytes.buffer).setUint16(8, start - 10, true);
  bytes.set(Buffer.from(dictionary, "latin1"), 10);
  bytes[start - 1] = 0x0a;
  return bytes;
};

export const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/** @throws CONTRACT if shape and data disagree. */
export const encodeNpy = (array: NumpyArray | NumpyText): Uint8Array => {
  const { shape } = array;
  const count = "text" in array ? array.text.length : array.data.length;
  if (sizeOf(shape) !== count) {
    throw new VaelabError("CONTRACT", { message: `${count} values for the shape ${showShape(shape)}` });
  }
  const { dtype, bytes: content } =
    "text" in array ? packText(array.text) : { dtype: numberDescriptor(array), bytes: bytesOf(array.data) };
  const header = npyHeader(dtype, shape);
  const bytes = new Uint8Array(header.length + content.length);
  bytes.set(header);
  bytes.set(content, header.length);
  return bytes;
};

/** Header as numpy writes it, with any white space. */
const HEADER = /^\{ *'descr': *'([^']*)', *'fortran_order': *(True|False), *'shape': *\(([\d, ]*)\),? *\} *\n$/;

export interface NumpyHeader {
  /** "<f4", "|u1", ... */
  descriptor: string;
  columnMajor: boolean;
  shape: readonly number[];
  /** Byte of the first value. */
  start: number;
}

const damage = (where: string, byte: number, message: string): VaelabError =>
  new VaelabError("DATA", {
    message: `unreadable .npy array: ${message}`,
    where: `${where} byte ${byte}`,
  });

/** Parses the header from the first bytes of a file. @param where file name for messages. @throws DATA */
export const readNpyHeader = (bytes: Uint8Array, where: string): NumpyHeader => {
  if (bytes.length < 10) throw damage(where, bytes.length, "the file ends inside the header");
  const wrong = MAGIC.findIndex((byte, i) => bytes[i] !== byte);
  if (wrong >= 0) throw damage(where, wrong, "the file does not start with the .npy magic string");
  const [major = 0, minor] = bytes.subarray(6, 8);
  if (major < 1 || major > 3 || minor !== 0) throw damage(where, 6, `version ${major}.${minor}, not 1.0, 2.0 or 3.0`);
  // From version 2.0 on the header's length has 4 bytes.
  const dictionary = major === 1 ? 10 : 12;
  if (bytes.length < dictionary) throw damage(where, bytes.length, "the file ends inside the header");
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const start = dictionary + (major === 1 ? view.getUint16(8, true) : view.getUint32(8, true));
  if (start > bytes.length) throw damage(where, bytes.length, "the file ends inside the header");
  const header = HEADER.exec(Buffer.from(bytes.subarray(dictionary, start)).toString("latin1"));
  if (!header) throw damage(where, 10, "the header is not in NumPy's format");
  const [, descriptor = "", order, dimensions = ""] = header;
  const shape = dimensions
    .split(",")
    .filter((part) => part.trim() !== "")
    .map(Number);
  return { descriptor, columnMajor: order === "True", shape, start };
};

/** @param where file name for messages. @throws DATA */
export const decodeNpy = (bytes: Uint8Array, where: string): NumpyArray | NumpyText => {
  const { descriptor, columnMajor, shape, start } = readNpyHeader(bytes, where);
  const characters = Number(/^<U([1-9]\d{0,5})$/.exec(descriptor)?.[1]);
  if (!isNumber(descriptor) && !characters)
    throw damage(where, 10, `dtype "${descriptor}", not ${Object.keys(TYPES).join(", ")} or strings`);
  if (columnMajor) throw damage(where, 10, "column-major order");
  const size = isNumber(descriptor) ? bytesPerElement(descriptor) : characters * CHARACTER_BYTES;
  const needed = sizeOf(shape) * size;
  const there = bytes.length - start;
  if (there !== needed)
    throw damage(where, bytes.length, `the shape ${showShape(shape)} needs ${needed} bytes, but there are ${there}`);
  const { buffer } = new Uint8Array(bytes.subarray(start));
  if (isNumber(descriptor)) return { shape, data: new TYPES[descriptor](buffer) };
  const points = new Uint32Array(buffer);
  const text = Array.from({ length: sizeOf(shape) }, (_, i) =>
    Array.from(points.subarray(i * characters, (i + 1) * characters), (point) =>
      point <= LAST_CHARACTER ? String.fromCodePoint(point) : "\ufffd",
    )
      .join("")
      .replace(/\0+$/, ""),
  );
  return { shape, text };
};

const LAST_CHARACTER = 0x10ffff;
