/**
 * One array in numpy's .npy format, version 1.0 (numpy.lib.format): magic, header length, a Python dictionary padded with
 * spaces to 64 bytes, row-major values, little endian. The bytes are those that numpy.save writes.
 */
import { VaelabError } from "../errors.js";
import { sizeOf } from "../tensor/fields.js";

export interface NumpyArray {
  readonly shape: readonly number[];
  readonly data: Float32Array | Float64Array | Int32Array;
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59] as const;
export const TYPES = { "<f4": Float32Array, "<f8": Float64Array, "<i4": Int32Array } as const;
export type Descriptor = keyof typeof TYPES;
const isDescriptor = (text: string): text is Descriptor => Object.hasOwn(TYPES, text);

const descriptorOf = ({ data }: NumpyArray): Descriptor =>
  data instanceof Float32Array ? "<f4" : data instanceof Float64Array ? "<f8" : "<i4";

/** numpy leaves room for the first axis to grow in place to 21 digits. */
const GROWTH_DIGITS = 21;

/** All that comes before the values. */
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

/** @throws CONTRACT when the shape does not fit the data. */
export const encodeNpy = (array: NumpyArray): Uint8Array => {
  const { shape, data } = array;
  if (sizeOf(shape) !== data.length) {
    throw new VaelabError("CONTRACT", { message: `${data.length} values for the shape [${shape.join(", ")}]` });
  }
  const header = npyHeader(descriptorOf(array), shape);
  const bytes = new Uint8Array(header.length + data.byteLength);
  bytes.set(header);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), header.length);
  return bytes;
};

/** As numpy writes it, and others with more or less white space. */
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
    message: `not an .npy array that can be read: ${message}`,
    where: `${where} byte ${byte}`,
  });

/** From the file's first bytes, which may go on. @param where the file's name, for messages. @throws DATA */
export const readNpyHeader = (bytes: Uint8Array, where: string): NumpyHeader => {
  if (bytes.length < 10) throw damage(where, bytes.length, "it ends within its header");
  const wrong = MAGIC.findIndex((byte, i) => bytes[i] !== byte);
  if (wrong >= 0) throw damage(where, wrong, "it does not begin as .npy does");
  const [major = 0, minor] = bytes.subarray(6, 8);
  if (major < 1 || major > 3 || minor !== 0) throw damage(where, 6, `version ${major}.${minor}, not 1.0, 2.0 or 3.0`);
  // From version 2.0 on the header's length has 4 bytes.
  const dictionary = major === 1 ? 10 : 12;
  if (bytes.length < dictionary) throw damage(where, bytes.length, "it ends within its header");
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const start = dictionary + (major === 1 ? view.getUint16(8, true) : view.getUint32(8, true));
  if (start > bytes.length) throw damage(where, bytes.length, "it ends within its header");
  const header = HEADER.exec(Buffer.from(bytes.subarray(dictionary, start)).toString("latin1"));
  if (!header) throw damage(where, 10, "its header is not one that numpy writes");
  const [, descriptor = "", order, dimensions = ""] = header;
  const shape = dimensions
    .split(",")
    .filter((part) => part.trim() !== "")
    .map(Number);
  return { descriptor, columnMajor: order === "True", shape, start };
};

/** @param where the file's name, for messages. @throws DATA */
export const decodeNpy = (bytes: Uint8Array, where: string): NumpyArray => {
  const { descriptor, columnMajor, shape, start } = readNpyHeader(bytes, where);
  if (!isDescriptor(descriptor)) throw damage(where, 10, `dtype "${descriptor}", not ${Object.keys(TYPES).join(", ")}`);
  if (columnMajor) throw damage(where, 10, "column-major order");
  const type = TYPES[descriptor];
  const needed = sizeOf(shape) * type.BYTES_PER_ELEMENT;
  const there = bytes.length - start;
  if (there !== needed)
    throw damage(where, bytes.length, `the shape [${shape.join(", ")}] needs ${needed} bytes, and there are ${there}`);
  return { shape, data: new type(new Uint8Array(bytes.subarray(start)).buffer) };
};
