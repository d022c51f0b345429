/** Writers of the formats that data come in, every field of which can be made wrong. */
import { constants, deflateRawSync, deflateSync, gzipSync } from "node:zlib";

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});
export const crc32 = (bytes) => {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = TABLE[(crc ^ byte) & 0xff] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
};

const uint16 = (value) => {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value & 0xffff);
  return bytes;
};
const uint32 = (value, big = false) => {
  const bytes = Buffer.alloc(4);
  if (big) bytes.writeUInt32BE(value >>> 0);
  else bytes.writeUInt32LE(value >>> 0);
  return bytes;
};

const MEBIBYTE = 2 ** 20;
/** Deflated zeros: a block of a MiB, flushed so that it can be repeated, then an empty last block. */
const ZEROS = deflateRawSync(Buffer.alloc(MEBIBYTE), { finishFlush: constants.Z_FULL_FLUSH });
const END = Buffer.from([0x03, 0x00]);
export const deflatedZeros = (mebibytes) => Buffer.concat([...Array(mebibytes).fill(ZEROS), END]);
/** The same as a zlib stream, its checksum wrong, as it comes after all the rest. */
export const zlibZeros = (mebibytes) =>
  Buffer.concat([Buffer.from([0x78, 0x9c]), deflatedZeros(mebibytes), uint32(1, true)]);
const GZIP_HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]);
export const gzipZeros = (mebibytes) =>
  Buffer.concat([GZIP_HEADER, deflatedZeros(mebibytes), uint32(0), uint32(mebibytes * MEBIBYTE)]);
/** A sound beginning before the zeros. */
export const gzipBomb = (text, mebibytes) =>
  Buffer.concat([
    GZIP_HEADER,
    deflateRawSync(Buffer.from(text), { finishFlush: constants.Z_FULL_FLUSH }),
    deflatedZeros(mebibytes),
    uint32(0),
    uint32(0),
  ]);
export const gzipped = (bytes) => gzipSync(bytes);

/** https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html */
export const npy = ({ header, body, version = 1, length, magic = "\x93NUMPY" }) => {
  const text = Buffer.from(header, "latin1");
  const size = length ?? text.length;
  return Buffer.concat([
    Buffer.from(magic, "latin1"),
    Buffer.from([version, 0]),
    version === 1 ? uint16(size) : uint32(size),
    text,
    body,
  ]);
};
export const npyHeader = (descr, shape, order = "False") =>
  `${`{'descr': ${descr}, 'fortran_order': ${order}, 'shape': ${shape}, }`.padEnd(117)}\n`;

/** A zip of members {name, bytes}, each of whose fields can be replaced: data, crc, packed, size, method, flags, offset. */
export const zip = (members, { count, start, comment = Buffer.alloc(0) } = {}) => {
  const parts = [];
  const directory = [];
  let at = 0;
  for (const { name, bytes = Buffer.alloc(0), method = 8, flags = 0, ...given } of members) {
    const data = given.data ?? (method === 8 ? deflateRawSync(bytes) : bytes);
    const file = Buffer.from(name);
    const fields = [
      uint16(flags),
      uint16(method),
      uint32(0),
      uint32(given.crc ?? crc32(bytes)),
      uint32(given.packed ?? data.length),
      uint32(given.size ?? bytes.length),
      uint16(file.length),
      uint16(0),
    ];
    const local = Buffer.concat([Buffer.from("PK\x03\x04"), uint16(20), ...fields, file, data]);
    directory.push(
      Buffer.concat([
        Buffer.from("PK\x01\x02"),
        uint16(20),
        uint16(20),
        ...fields,
        uint16(0),
        uint16(0),
        uint16(0),
        uint32(0),
        uint32(given.offset ?? at),
        file,
      ]),
    );
    parts.push(local);
    at += local.length;
  }
  const central = Buffer.concat(directory);
  const entries = uint16(count ?? members.length);
  return Buffer.concat([
    ...parts,
    central,
    Buffer.from("PK\x05\x06"),
    uint16(0),
    uint16(0),
    entries,
    entries,
    uint32(central.length),
    uint32(start ?? at),
    uint16(comment.length),
    comment,
  ]);
};

/** Chunks {type, data} with sums that are right unless given. */
export const png = (chunks) =>
  Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    ...chunks.flatMap(({ type, data = Buffer.alloc(0), length = data.length, crc }) => {
      const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
      return [uint32(length, true), body, uint32(crc ?? crc32(body), true)];
    }),
  ]);
export const pngHeader = (
  width,
  height,
  { depth = 8, color = 0, interlace = 0, compression = 0, filter = 0 } = {},
) => ({
  type: "IHDR",
  data: Buffer.concat([
    uint32(width, true),
    uint32(height, true),
    Buffer.from([depth, color, compression, filter, interlace]),
  ]),
});
export const pngPixels = (width, height, channels, random) => {
  const rows = Array.from({ length: height }, () => Buffer.concat([Buffer.from([0]), random.bytes(width * channels)]));
  return { type: "IDAT", data: deflateSync(Buffer.concat(rows)) };
};

/** http://yann.lecun.com/exdb/mnist: two zeros, type, rank, sizes, values. */
export const idx = ({ type = 8, sizes, body, magic = 0 }) =>
  Buffer.concat([uint16(magic), Buffer.from([type, sizes.length]), ...sizes.map((size) => uint32(size, true)), body]);
