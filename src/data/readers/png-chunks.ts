/**
 * Keeps only the chunks of a PNG that its pixels depend on (ISO/IEC 15948, 5.3). A decoder would also decompress color
 * profiles and texts, a few KiB of which can expand to gigabytes.
 */

import { constants, inflateSync } from "node:zlib";
import { LARGEST_RATIO } from "../../storage/zip-format.js";
import { damaged } from "./data-file.js";
import type { ImageHeader } from "./image-headers.js";

const SIGNATURE_BYTES = 8;
/** Bytes of length, type and checksum per chunk. */
const FRAME_BYTES = 12;
const KEPT = ["IHDR", "PLTE", "IDAT", "IEND", "tRNS"];
/** Files below this size cannot expand to a harmful size. */
const HARMLESS = 2 ** 26;

interface Chunk {
  type: string;
  /** Chunk including length, type and checksum. */
  bytes: Uint8Array;
}

const chunksOf = (bytes: Uint8Array, name: string): Chunk[] => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks: Chunk[] = [];
  for (let at = SIGNATURE_BYTES; chunks.at(-1)?.type !== "IEND"; ) {
    const end = at + FRAME_BYTES <= bytes.length ? at + FRAME_BYTES + view.getUint32(at) : Number.POSITIVE_INFINITY;
    if (end > bytes.length) throw damaged(`${name} byte ${bytes.length}`, "damaged PNG: it is truncated");
    const type = Buffer.from(bytes.subarray(at + 4, at + 8)).toString("latin1");
    // A second header would replace the size that was checked.
    if (type === "IHDR" && chunks.length > 0)
      throw damaged(`${name} byte ${at}`, "damaged PNG: it has more than one header");
    if (KEPT.includes(type)) chunks.push({ type, bytes: bytes.subarray(at, end) });
    at = end;
  }
  return chunks;
};

/** Checks that the pixels decompress to the size in the header, before a decoder allocates memory. */
const checkUnpacked = (chunks: readonly Chunk[], name: string, { width, height }: ImageHeader): void => {
  const parts = chunks.flatMap(({ type, bytes }) =>
    type === "IDAT" ? bytes.subarray(SIGNATURE_BYTES, bytes.length - 4) : [],
  );
  const packed = parts.reduce((sum, { length }) => sum + length, 0);
  if (packed * LARGEST_RATIO <= HARMLESS) return;
  // Every row starts with a filter byte; interlacing adds rows.
  const most = width * height * 4 + 16 * (height + 16);
  try {
    inflateSync(Buffer.concat(parts), { maxOutputLength: most, finishFlush: constants.Z_SYNC_FLUSH });
  } catch (error) {
    throw damaged(name, "damaged PNG: its pixels do not decompress to the size in its header", {}, error);
  }
};

/** A PNG with only these chunks. @throws DATA naming the file, and the byte at which it is truncated */
export const pixelChunks = (bytes: Uint8Array, name: string, header: ImageHeader): Uint8Array => {
  const chunks = chunksOf(bytes, name);
  checkUnpacked(chunks, name, header);
  return Buffer.concat([bytes.subarray(0, SIGNATURE_BYTES), ...chunks.map((chunk) => chunk.bytes)]);
};
