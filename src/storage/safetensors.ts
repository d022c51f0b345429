/**
 * Named arrays in the safetensors format (https://github.com/huggingface/safetensors#format): 8 bytes of header length,
 * little endian; a JSON header {name: {dtype, shape, data_offsets}}; the values, contiguous. The bytes equal those of the
 * reference library: F32 before I32, each sorted by name, and the header padded with spaces to 8 bytes.
 */
import { VaelabError } from "../errors.js";
import { showShape, sizeOf } from "../tensor/fields.js";
import { isObject, parseJson } from "./json.js";

export interface HostTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array;
}
export type HostTensors = Readonly<Record<string, HostTensor>>;

/** Limit of the reference library. */
export const LARGEST_HEADER = 100_000_000;

const dtypeOf = ({ data }: HostTensor): "F32" | "I32" => (data instanceof Float32Array ? "F32" : "I32");

/** @throws CONTRACT if a shape and its data disagree. */
export const encodeSafetensors = (tensors: HostTensors): Uint8Array => {
  const entries = Object.entries(tensors).sort(
    ([a, x], [b, y]) => dtypeOf(x).localeCompare(dtypeOf(y)) || Buffer.compare(Buffer.from(a), Buffer.from(b)),
  );
  let end = 0;
  const members = entries.map(([name, tensor]) => {
    if (name === "__metadata__" || sizeOf(tensor.shape) !== tensor.data.length) {
      throw new VaelabError("CONTRACT", {
        message: `the tensor "${name}" cannot be written: ${tensor.data.length} values for the shape ${showShape(tensor.shape)}`,
      });
    }
    const begin = end;
    end += tensor.data.byteLength;
    const description = { dtype: dtypeOf(tensor), shape: tensor.shape, data_offsets: [begin, end] };
    return `${JSON.stringify(name)}:${JSON.stringify(description)}`;
  });
  const json = Buffer.from(`{${members.join(",")}}`);
  const headerBytes = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(8 + headerBytes + end).fill(0x20, 8, 8 + headerBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerBytes), true);
  bytes.set(json, 8);
  let at = 8 + headerBytes;
  for (const [, { data }] of entries) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
};

interface Entry {
  name: string;
  dtype: "F32" | "I32";
  shape: number[];
  begin: number;
  end: number;
}

/** Keys of the outermost object as they are written: its values are objects, so its strings are its keys. */
const writtenKeys = (json: string): number => {
  let depth = 0;
  let keys = 0;
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"|[{}]/g)) {
    if (token === "{") depth++;
    else if (token === "}") depth--;
    else if (depth === 1) keys++;
  }
  return keys;
};

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** @param where file name for messages. @throws DATA unless the file is complete and holds only F32 and I32 arrays. */
export const decodeSafetensors = (bytes: Uint8Array, where: string): Record<string, HostTensor> => {
  const damaged = (byte: number, message: string): never => {
    throw new VaelabError("DATA", { message: `damaged safetensors file: ${message}`, where: `${where} byte ${byte}` });
  };
  if (bytes.length < 8) damaged(bytes.length, `the file ends after ${bytes.length} bytes, inside the header's length`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const claimed = view.getBigUint64(0, true);
  if (claimed > LARGEST_HEADER) damaged(0, `the header claims ${claimed} bytes, more than the format allows`);
  const start = 8 + Number(claimed);
  if (start > bytes.length) damaged(0, `the header claims ${claimed} bytes, but ${bytes.length - 8} follow`);
  const length = bytes.length - start;

  let text = "";
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes.subarray(8, start));
  } catch {
    damaged(8, "the header is not UTF-8");
  }
  if (!text.startsWith("{")) damaged(8, "the header does not begin with {");
  const header = parseJson(text, `${where} header`, "DATA");
  if (!isObject(header)) return damaged(8, "the header is not an object");
  if (writtenKeys(text) > Object.keys(header).length) damaged(8, "the header names a tensor twice");

  const entries = Object.entries(header)
    .filter(([name]) => name !== "__metadata__")
    .map(([name, description]): Entry => {
      const { dtype, shape, data_offsets: offsets } = isObject(description) ? description : {};
      if (dtype !== "F32" && dtype !== "I32")
        return damaged(8, `"${name}" has dtype ${JSON.stringify(dtype)}, not F32 or I32`);
      if (!Array.isArray(shape) || !shape.every(isCount)) return damaged(8, `"${name}" has an invalid shape`);
      if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount))
        return damaged(8, `"${name}" has invalid data_offsets`);
      const [begin, end] = offsets as [number, number];
      const needed = sizeOf(shape) * 4;
      if (end - begin !== needed)
        damaged(8, `"${name}" of shape ${showShape(shape)} needs ${needed} bytes, but has ${end - begin}`);
      return { name, dtype, shape, begin, end };
    })
    .sort((a, b) => a.begin - b.begin || a.end - b.end);

  let reached = 0;
  for (const { name, begin, end } of entries) {
    if (begin !== reached)
      damaged(
        start + Math.min(begin, reached),
        `"${name}" ${begin < reached ? "overlaps the tensor before it" : "follows a gap"}`,
      );
    if (end > length) damaged(bytes.length, `it ends inside "${name}", ${end - length} bytes early`);
    reached = end;
  }
  if (reached !== length) damaged(start + reached, `${length - reached} bytes belong to no tensor`);

  const tensors: [string, HostTensor][] = entries.map(({ name, dtype, shape, begin, end }) => {
    const { buffer } = new Uint8Array(bytes.subarray(start + begin, start + end));
    return [name, { shape, data: dtype === "F32" ? new Float32Array(buffer) : new Int32Array(buffer) }];
  });
  return Object.fromEntries(tensors);
};
