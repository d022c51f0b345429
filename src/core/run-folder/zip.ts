/**
 * Zip archives as numpy's .npz uses them (PKWARE APPNOTE 4.3). Written by fflate, uncompressed and at a fixed time, so that
 * the same content gives the same bytes; read here, because fflate does not compare the checksums.
 */
import { inflateSync, type Zippable, zipSync } from "fflate";
import { VaelabError } from "../errors.js";

/** The first day that a zip can hold; local, as fflate reads it, and at noon, which no zone ever skipped. */
const fixedTime = (): Date => new Date(1980, 0, 1, 12);

export const writeZip = (files: Readonly<Record<string, Uint8Array>>): Uint8Array => {
  const zippable: Zippable = Object.fromEntries(
    Object.keys(files)
      .sort()
      .map((name) => [name, files[name]!]),
  );
  return zipSync(zippable, { level: 0, mtime: fixedTime() });
};

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) remainder = remainder & 1 ? (remainder >>> 1) ^ 0xedb88320 : remainder >>> 1;
  return remainder;
});
/** @param earlier of what comes before these bytes */
export const crc32 = (bytes: Uint8Array, earlier = 0): number => {
  let remainder = ~earlier;
  for (const byte of bytes) remainder = CRC_TABLE[(remainder ^ byte) & 0xff]! ^ (remainder >>> 8);
  return ~remainder >>> 0;
};

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;
const END_BYTES = 22;
const LONGEST_COMMENT = 0xffff;

/** @param where the file's name, for messages. @throws DATA naming the byte or the member that is damaged. */
export const readZip = (bytes: Uint8Array, where: string): Record<string, Uint8Array> => {
  const damaged = (byte: number, message: string, cause?: unknown): never => {
    throw new VaelabError(
      "DATA",
      { message: `damaged zip archive: ${message}`, where: `${where} byte ${byte}` },
      { cause },
    );
  };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const signature = (at: number): number => (at + 4 <= bytes.length ? view.getUint32(at, true) : 0);

  let end = bytes.length - END_BYTES;
  while (end >= 0 && end >= bytes.length - END_BYTES - LONGEST_COMMENT && signature(end) !== END) end--;
  if (end < 0 || signature(end) !== END)
    return damaged(bytes.length, "it has no directory: it was cut, or is something else");

  const files: [string, Uint8Array][] = [];
  const directory = view.getUint32(end + 16, true);
  let at = directory;
  for (let remaining = view.getUint16(end + 10, true); remaining > 0; remaining--) {
    if (at + 46 > end || signature(at) !== ENTRY) return damaged(at, "its directory is broken");
    const method = view.getUint16(at + 10, true);
    const checksum = view.getUint32(at + 16, true);
    const packed = view.getUint32(at + 20, true);
    const size = view.getUint32(at + 24, true);
    const nameBytes = view.getUint16(at + 28, true);
    const local = view.getUint32(at + 42, true);
    const name = Buffer.from(bytes.subarray(at + 46, at + 46 + nameBytes)).toString("utf8");
    at += 46 + nameBytes + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    if (local + 30 > directory || signature(local) !== LOCAL)
      return damaged(local, `"${name}" is not where the directory says`);
    const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    if (start + packed > directory) return damaged(start, `"${name}" is cut`);
    const content = bytes.subarray(start, start + packed);
    let file = content;
    if (method === 8) {
      try {
        file = inflateSync(content, { out: new Uint8Array(size) });
      } catch (error) {
        return damaged(start, `"${name}" cannot be unpacked`, error);
      }
    } else if (method !== 0) return damaged(at, `"${name}" is packed by method ${method}, not stored or deflated`);
    if (file.length !== size || crc32(file) !== checksum)
      return damaged(start, `"${name}" does not match its checksum`);
    files.push([name, file]);
  }
  if (at !== end) return damaged(at, "its directory is broken");
  return Object.fromEntries(files);
};
