/**
 * Zip archives as numpy's .npz uses them (PKWARE APPNOTE 4.3). fflate writes them, uncompressed and with a fixed time stamp,
 * so that equal content gives equal bytes. The reader is ours, because fflate does not verify checksums.
 */
import * as zlib from "node:zlib";
import { type Zippable, zipSync } from "fflate";
import { VaelabError } from "../errors.js";
import { describeBytes } from "./memory.js";
import {
  ELSEWHERE,
  END,
  END_BYTES,
  ENTRY,
  ENTRY_BYTES,
  LARGEST_RATIO,
  LOCAL,
  LOCAL_BYTES,
  LONGEST_COMMENT,
} from "./zip-format.js";

/** First day that a zip can represent; local time, as fflate reads it, at noon, which no time zone skipped. */
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
/** @param earlier checksum of the preceding bytes */
export const crc32 = (bytes: Uint8Array, earlier = 0): number => {
  // Node 20.15 and later have a native version, about ten times as fast.
  if ("crc32" in zlib) return zlib.crc32(bytes, earlier);
  let remainder = ~earlier;
  for (const byte of bytes) remainder = CRC_TABLE[(remainder ^ byte) & 0xff]! ^ (remainder >>> 8);
  return ~remainder >>> 0;
};

/** An archive in memory or in a file. */
export interface ZipBytes {
  readonly size: number;
  /** Returns exactly this many bytes. */
  read(position: number, length: number): Uint8Array;
}
/** An archive in memory. */
export const zipBytes = (bytes: Uint8Array): ZipBytes => ({
  size: bytes.length,
  read: (position, length) => bytes.subarray(position, position + length),
});
export interface ZipMember {
  name: string;
  method: number;
  checksum: number;
  packed: number;
  size: number;
  /** Unix file type and permissions; 0 from writers that record none. */
  mode: number;
  /** Byte of its local header. */
  local: number;
  /** Byte at which the directory begins. */
  directory: number;
}

export const damagedZip = (where: string, byte: number, message: string, cause?: unknown): VaelabError =>
  new VaelabError("DATA", { message: `damaged zip archive: ${message}`, where: `${where} byte ${byte}` }, { cause });
const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Names are never used as paths; names that leave their folder are refused anyway. */
const climbs = (name: string): boolean => /^[\\/]|^[A-Za-z]:|\0/.test(name) || name.split(/[\\/]/).includes("..");

/** A truncated archive too, if an archive that it stores was complete. */
export const DIRECTORY_DAMAGE = "its central directory is damaged, or the file is truncated";

/** @param where file name for messages. @throws DATA naming the byte or the member that is damaged. */
export const zipDirectory = ({ size, read }: ZipBytes, where: string): ZipMember[] => {
  const tailStart = Math.max(0, size - END_BYTES - LONGEST_COMMENT);
  const tail = read(tailStart, size - tailStart);
  const tailView = viewOf(tail);
  let end = tail.length - END_BYTES;
  while (end >= 0 && tailView.getUint32(end, true) !== END) end--;
  if (end < 0) throw damagedZip(where, size, "no central directory: the file is truncated or not a zip archive");

  const directory = tailView.getUint32(end + 16, true);
  const finish = tailStart + end;
  if (directory === ELSEWHERE) throw damagedZip(where, finish, "zip64 archives are not supported");
  if (directory > finish) throw damagedZip(where, directory, DIRECTORY_DAMAGE);
  const bytes = read(directory, finish - directory);
  const view = viewOf(bytes);
  const members: ZipMember[] = [];
  const names = new Set<string>();
  let at = 0;
  for (let remaining = tailView.getUint16(end + 10, true); remaining > 0; remaining--) {
    if (at + ENTRY_BYTES > bytes.length || view.getUint32(at, true) !== ENTRY)
      throw damagedZip(where, directory + at, DIRECTORY_DAMAGE);
    const nameBytes = view.getUint16(at + 28, true);
    const member: ZipMember = {
      name: Buffer.from(bytes.subarray(at + ENTRY_BYTES, at + ENTRY_BYTES + nameBytes)).toString("utf8"),
      method: view.getUint16(at + 10, true),
      checksum: view.getUint32(at + 16, true),
      packed: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      mode: view.getUint16(at + 40, true),
      local: view.getUint32(at + 42, true),
      directory,
    };
    const refuse = (message: string): VaelabError => damagedZip(where, directory + at, `"${member.name}" ${message}`);
    if (climbs(member.name)) throw refuse("leads outside its folder");
    if (names.has(member.name)) throw refuse("occurs twice");
    if (member.packed === ELSEWHERE || member.size === ELSEWHERE)
      throw refuse("is a zip64 member, which is not supported");
    if (member.method !== 0 && member.method !== 8)
      throw refuse(`is compressed with method ${member.method}; only stored and deflated members are supported`);
    const most = member.method === 0 ? member.packed : member.packed * LARGEST_RATIO;
    if (member.size > most) throw refuse(`claims ${member.size} bytes, more than it can hold`);
    names.add(member.name);
    members.push(member);
    at += ENTRY_BYTES + nameBytes + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  if (at !== bytes.length) throw damagedZip(where, directory + at, DIRECTORY_DAMAGE);
  return members;
};

/** Offset of a member's compressed content. */
export const contentStart = (
  { read }: ZipBytes,
  { name, packed, local, directory }: ZipMember,
  where: string,
): number => {
  const header = local + LOCAL_BYTES > directory ? undefined : viewOf(read(local, LOCAL_BYTES));
  if (!header || header.getUint32(0, true) !== LOCAL)
    throw damagedZip(where, local, `"${name}" is not where the directory says`);
  const start = local + LOCAL_BYTES + header.getUint16(26, true) + header.getUint16(28, true);
  if (start + packed > directory) throw damagedZip(where, start, `"${name}" is truncated`);
  return start;
};

const HEAD_BYTES = 4096;
/** First bytes of a member, without verifying its checksum and from only a few compressed bytes. */
export const memberHead = (archive: ZipBytes, member: ZipMember, where: string): Uint8Array => {
  const start = contentStart(archive, member, where);
  const content = archive.read(start, Math.min(HEAD_BYTES, member.packed));
  if (member.method === 0) return content;
  try {
    return zlib.inflateRawSync(content, { finishFlush: zlib.constants.Z_SYNC_FLUSH });
  } catch (error) {
    throw damagedZip(where, start, `"${member.name}" cannot be decompressed`, error);
  }
};

/** @throws DATA if the member does not match the directory, including its checksum. */
export const memberContent = (archive: ZipBytes, member: ZipMember, where: string): Uint8Array => {
  const { name, method, checksum, packed, size } = member;
  const start = contentStart(archive, member, where);
  let content = archive.read(start, packed);
  if (method === 8) {
    try {
      content = zlib.inflateRawSync(content, { maxOutputLength: Math.max(1, size) });
    } catch (error) {
      throw damagedZip(where, start, `"${name}" cannot be decompressed to the ${size} bytes that it claims`, error);
    }
  }
  if (content.length !== size || crc32(content) !== checksum)
    throw damagedZip(where, start, `"${name}" does not match its checksum`);
  return content;
};

/**
 * @param where file name for messages.
 * @param limit maximum total size of all members in bytes. @throws DATA naming the byte or the member that is damaged.
 */
export const readZip = (bytes: Uint8Array, where: string, limit: number): Record<string, Uint8Array> => {
  const archive = zipBytes(bytes);
  const members = zipDirectory(archive, where);
  const size = members.reduce((sum, member) => sum + member.size, 0);
  if (size > limit) {
    const message = `it decompresses to ${describeBytes(size)}, more than the limit of ${describeBytes(limit)}`;
    throw new VaelabError("DATA", { message, where });
  }
  return Object.fromEntries(members.map((member) => [member.name, memberContent(archive, member, where)]));
};
