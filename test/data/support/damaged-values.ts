/** Data files whose values, not whose headers, are damaged: each with what is to be said of it. */
import {
  type Case,
  changed,
  cut,
  digit,
  digits,
  folder,
  IMAGES,
  idx,
  MEBIBYTE,
  npy,
  npyFile,
  npz,
  packed,
  png,
  pngOf,
  sound,
  zeros,
  zipOf,
} from "./damage.js";

/** What only the values themselves tell: `vaelab run` says it, before it makes a folder. */
export const DAMAGED_VALUES: readonly Case[] = [
  [
    "a gzip with a wrong checksum",
    idx,
    { "a.idx": changed(`${IMAGES}.gz`, sound(`${IMAGES}.gz`).length - 8, 1, 2, 3, 4) },
    "damaged gzip: its content does not match its checksum",
  ],
  ["a gzip that was cut", idx, { "a.idx": cut(`${IMAGES}.gz`, 2500) }, "a.idx  damaged gzip: it is truncated"],
  [
    "a gzip bomb",
    idx,
    { "a.idx": packed(Buffer.concat([sound(IMAGES), zeros(600 * MEBIBYTE)])) },
    "a.idx  it decompresses to more bytes than its header says",
  ],
  [
    "an npz whose member was changed",
    { ...npz, values: "x" },
    { "a.npz": changedMember() },
    '"x.npy" does not match its checksum',
  ],
  [
    "an npy with NaN",
    npy,
    { "a.npy": sound("not-finite.npy") },
    "a.npy row 4, element 2 (byte 184)  NaN is not a finite number",
  ],
  [
    "an npy with a value beyond 1",
    { ...npy, support: "unit" },
    { "a.npy": sound("numbers-little-f4.npy") },
    "is not between 0 and 1",
  ],
  [
    "a PNG with a wrong checksum",
    folder,
    { ...digits, "p/3.png": flipped(digit(3), digit(3).length - 1) },
    "p/3.png  damaged PNG: CRC mismatch",
  ],
  [
    "a PNG bomb",
    folder,
    { ...digits, "p/3.png": pngOf(8, 8, zeros(600 * MEBIBYTE)) },
    "p/3.png  damaged PNG: its pixels do not decompress to the size in its header",
  ],
  ["a PNG with too few pixels", folder, { ...digits, "p/3.png": pngOf(8, 8, zeros(30)) }, "p/3.png  "],
  [
    "a JPEG that was cut",
    { ...folder, channels: "gray" },
    { ...jpegs(), "p/0.jpg": png("gray.jpg").subarray(0, 400) },
    "p/0.jpg byte 400  the JPEG is truncated: it has no end marker",
  ],
  [
    "a JPEG with a table destroyed",
    { ...folder, channels: "gray" },
    { ...jpegs(), "p/0.jpg": destroyed() },
    "p/0.jpg  damaged JPEG: ",
  ],
];

function flipped(bytes: Buffer, at: number): Buffer {
  const content = Buffer.from(bytes);
  content[at]! ^= 0xff;
  return content;
}
function changedMember(): Buffer {
  const content = npyFile("|u1", "(20, 4, 4)", Buffer.from(Array.from({ length: 320 }, (_, i) => i % 251)));
  const archive = zipOf({ name: "x.npy", content });
  // The stored checksum, in local header and directory alike.
  const directory = archive.lastIndexOf(Buffer.from("PK\u0001\u0002", "latin1"));
  archive[14]! ^= 1;
  archive[directory + 16]! ^= 1;
  return archive;
}
function jpegs(): Record<string, Buffer> {
  return Object.fromEntries([1, 2, 3, 4, 5].map((i) => [`p/${i}.jpg`, png("gray.jpg")]));
}
/** The first Huffman table's lengths, all of them 255: no code has as many. */
function destroyed(): Buffer {
  const content = png("gray.jpg");
  const at = content.indexOf(Buffer.from([0xff, 0xc4]));
  content.fill(0xff, at + 5, at + 12);
  return content;
}
