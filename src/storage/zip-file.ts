/** A zip archive in a file, read in blocks: its members may be larger than memory. */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { Inflate } from "fflate";
import { VaelabError } from "../errors.js";
import { irregular, statsOf, systemReason } from "./read-file.js";
import { contentStart, DIRECTORY_DAMAGE, damagedZip, type ZipBytes, type ZipMember } from "./zip.js";

export interface ZipFile extends ZipBytes {
  close(): void;
}

/** A block of deflated bytes unpacks to at most 1032 times its size, which is 16 MiB. */
const BLOCK = 2 ** 14;
/** A directory of 65,535 names of 1000 bytes is smaller. */
const LARGEST_READ = 2 ** 26;

/** @throws NOT_FOUND, NOT_READABLE; its `read` throws DATA past the end of the file */
export const openZipFile = (path: string): ZipFile => {
  const stats = statsOf(path);
  const reason = stats ? irregular(stats) : "there is no such file";
  if (reason !== undefined)
    throw new VaelabError(stats ? "NOT_READABLE" : "NOT_FOUND", { message: reason, where: path });
  let descriptor: number;
  try {
    descriptor = openSync(path, "r");
  } catch (error) {
    const message = systemReason(error);
    if (message === undefined) throw error;
    throw new VaelabError("NOT_READABLE", { message, where: path }, { cause: error });
  }
  return {
    size: fstatSync(descriptor).size,
    read: (position, length) => {
      if (length > LARGEST_READ) throw damagedZip(path, position, DIRECTORY_DAMAGE);
      const bytes = Buffer.alloc(length);
      for (let done = 0; done < length; ) {
        const count = readSync(descriptor, bytes, done, length - done, position + done);
        if (count === 0) throw damagedZip(path, position + done, "it is truncated");
        done += count;
      }
      return bytes;
    },
    close: () => closeSync(descriptor),
  };
};

/**
 * Content of a member in blocks, never more bytes than the directory claims. The caller verifies its checksum.
 * @throws DATA if the member does not have the size that the directory claims
 */
export const memberBlocks = function* (archive: ZipBytes, member: ZipMember, where: string): Generator<Uint8Array> {
  const { name, method, packed, size } = member;
  const start = contentStart(archive, member, where);
  const refuse = (cause?: unknown): VaelabError =>
    damagedZip(where, start, `"${name}" does not unpack to the ${size} bytes that it claims`, cause);
  let inflated: Uint8Array[] = [];
  const inflate = new Inflate((chunk) => inflated.push(chunk));
  let written = 0;
  for (let at = 0; at < packed; at += BLOCK) {
    const block = archive.read(start + at, Math.min(BLOCK, packed - at));
    if (method === 8) {
      inflated = [];
      try {
        inflate.push(block, at + BLOCK >= packed);
      } catch (error) {
        throw refuse(error);
      }
    }
    for (const content of method === 8 ? inflated : [block]) {
      written += content.length;
      if (written > size) throw refuse();
      yield content;
    }
  }
  if (written !== size) throw refuse();
};
