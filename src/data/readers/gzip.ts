/** Files compressed by gzip (RFC 1952): their first bytes, or all bytes up to the size that the content's header claims. */
import { constants, gunzipSync } from "node:zlib";
import { LARGEST_RATIO } from "../../storage/zip-format.js";
import {
  type Bytes,
  bytesInMemory,
  bytesOf,
  type DataFile,
  damaged,
  LARGEST_WHOLE,
  readWhole,
  withFile,
} from "./data-file.js";

const HEAD = 4096;

const isPacked = (head: Uint8Array): boolean => head[0] === 0x1f && head[1] === 0x8b;

const unpack = (packed: Uint8Array, name: string, options: Parameters<typeof gunzipSync>[1]): Uint8Array => {
  try {
    return gunzipSync(packed, options);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const message = /incorrect data check/.test(reason)
      ? "damaged gzip: its content does not match its checksum"
      : /unexpected end/.test(reason)
        ? "damaged gzip: it is truncated"
        : /larger than/.test(reason)
          ? "it decompresses to more bytes than its header says"
          : `damaged gzip: ${reason}`;
    throw damaged(name, message, {}, error);
  }
};

/** First decompressed bytes of a file, and the maximum size of its content. */
export interface Head {
  bytes: Uint8Array;
  packed: boolean;
  /** The exact size if the file is not compressed. */
  most: number;
}
export const headOf = (file: DataFile): Head =>
  withFile(file, ({ size, read }) => {
    const bytes = read(0, Math.min(HEAD, size));
    if (!isPacked(bytes)) return { bytes, packed: false, most: size };
    const start = unpack(bytes, file.name, { finishFlush: constants.Z_SYNC_FLUSH });
    return { bytes: start, packed: true, most: size * LARGEST_RATIO };
  });

/** @param size size of the decompressed content according to its header. @throws DATA if the sizes differ. */
export const contentOf = (file: DataFile, { packed }: Head, size: number): Bytes => {
  if (!packed) return bytesOf(file);
  const remedy = "Decompress it: uncompressed files are read in place.";
  if (size > LARGEST_WHOLE)
    throw damaged(file.name, `it decompresses to ${size} bytes: too many for memory`, { remedy });
  const content = unpack(readWhole(file, remedy), file.name, { maxOutputLength: Math.max(1, size) });
  if (content.length !== size)
    throw damaged(file.name, `it decompresses to ${content.length} bytes, but its header says ${size}`);
  return bytesInMemory(content, file.name);
};
