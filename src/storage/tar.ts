/**
 * Reads tar archives (POSIX.1-2017, pax, "ustar Interchange Format"; GNU tar's headers too). A header of 512 bytes comes before
 * the content of each member, which is padded to blocks of 512. Extended headers are skipped, so a path that needs one is cut.
 */
import { VaelabError } from "../errors.js";

const BLOCK = 512;

export interface TarMember {
  path: string;
  /** False for links, folders, devices and extended headers. */
  isFile: boolean;
  /** A view of the archive. */
  content: Uint8Array;
}

const textAt = (header: Buffer, at: number, length: number): string => {
  const field = header.subarray(at, at + length);
  const end = field.indexOf(0);
  return field.toString("utf8", 0, end < 0 ? length : end);
};

/** An octal number in text; undefined if it is none. */
const numberAt = (header: Buffer, at: number, length: number): number | undefined => {
  const text = textAt(header, at, length).trim();
  return /^[0-7]+$/.test(text) ? Number.parseInt(text, 8) : undefined;
};

const CHECKSUM = 148;
/** Sum of the header's bytes, those of the checksum itself counted as spaces. */
const checksumOf = (header: Buffer): number =>
  header.reduce((sum, byte, at) => sum + (at >= CHECKSUM && at < CHECKSUM + 8 ? 32 : byte), 0);

/**
 * Members in order, until two blocks of zeros or the end.
 * @param where the archive's name, for messages
 * @throws DATA if a header is damaged or the archive ends inside a member
 */
export function* tarMembers(archive: Uint8Array, where: string): Generator<TarMember> {
  const damaged = (at: number, message: string): VaelabError =>
    new VaelabError("DATA", { where: `${where} byte ${at}`, message: `damaged tar archive: ${message}` });
  for (let at = 0; at < archive.length; ) {
    const header = Buffer.from(archive.buffer, archive.byteOffset + at, Math.min(BLOCK, archive.length - at));
    if (header.length < BLOCK) throw damaged(at, "it is truncated");
    if (header.every((byte) => byte === 0)) return;
    const size = numberAt(header, 124, 12);
    if (size === undefined || numberAt(header, CHECKSUM, 8) !== checksumOf(header))
      throw damaged(at, "a header does not match its checksum");
    const start = at + BLOCK;
    if (start + size > archive.length) throw damaged(archive.length, "it is truncated");
    // GNU tar ends the magic with a space and keeps other things in place of the prefix.
    const prefix = header.toString("latin1", 257, 263) === "ustar\0" ? textAt(header, 345, 155) : "";
    const name = textAt(header, 0, 100);
    const kind = header[156]!;
    yield {
      path: prefix ? `${prefix}/${name}` : name,
      isFile: kind === 0 || kind === "0".charCodeAt(0),
      content: archive.subarray(start, start + size),
    };
    at = start + Math.ceil(size / BLOCK) * BLOCK;
  }
}
