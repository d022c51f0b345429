/**
 * Streaming decompression of gzip files (RFC 1952) with one or more members. fflate inflates; checksums are verified here.
 */
import { Gunzip } from "fflate";
import { crc32 } from "../../storage/zip.js";
import { type Bytes, damaged } from "./data-file.js";

/** Trailer of a member: checksum and length modulo 2^32, little-endian. */
const TRAILER = 8;

/** @param file read again at the end of a member. @throws DATA if it is damaged or truncated */
export const gunzipper = (
  name: string,
  { size, read }: Bytes,
  push: (bytes: Uint8Array) => void,
): { push(bytes: Uint8Array): void; end(): void } => {
  let checksum = 0;
  let length = 0;
  const endMember = (end: number): void => {
    if (end < TRAILER) throw damaged(name, "damaged gzip: it is truncated");
    const bytes = read(end - TRAILER, TRAILER);
    const trailer = new DataView(bytes.buffer, bytes.byteOffset, TRAILER);
    if (trailer.getUint32(0, true) !== checksum || trailer.getUint32(4, true) !== length)
      throw damaged(name, "damaged gzip: its content does not match its checksum");
    checksum = 0;
    length = 0;
  };
  const gunzip = new Gunzip((bytes) => {
    checksum = crc32(bytes, checksum);
    length = (length + bytes.length) >>> 0;
    push(bytes);
  });
  gunzip.onmember = endMember;
  const inflate = (bytes: Uint8Array, last: boolean): void => {
    try {
      gunzip.push(bytes, last);
    } catch (error) {
      if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "number") throw error;
      const message = error.code === 0 ? "it is truncated" : error.message;
      throw damaged(name, `damaged gzip: ${message}`, {}, error);
    }
  };
  return {
    push: (bytes) => inflate(bytes, false),
    end: () => {
      inflate(new Uint8Array(0), true);
      endMember(size);
    },
  };
};
