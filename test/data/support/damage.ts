/** Files as an attacker or an accident leaves them: made from the sound fixtures, a fault each. */
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { crc32 } from "../../../src/storage/zip.js";
import { FIXTURES } from "./files.js";

export const sound = (name: string): Buffer => readFileSync(join(FIXTURES, name));
/** A sound fixture with these bytes in place of its own. */
export const changed = (name: string, at: number, ...bytes: number[]): Buffer => {
  const content = sound(name);
  content.set(bytes, at);
  return content;
};
export const cut = (name: string, end: number): Buffer => sound(name).subarray(0, end);

export const idxHeader = (type: number, ...shape: number[]): Buffer => {
  const header = Buffer.from([0, 0, type, shape.length, ...shape.flatMap(() => [0, 0, 0, 0])]);
  for (const [i, size] of shape.entries()) header.writeUInt32BE(size, 4 + 4 * i);
  return header;
};
export const npyFile = (descr: string, shape: string, values: Uint8Array = new Uint8Array(0)): Buffer => {
  const dictionary = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${shape}, }`.padEnd(117);
  return Buffer.concat([
    Buffer.from("\u0093NUMPY\u0001\u0000\u0076\u0000", "latin1"),
    Buffer.from(`${dictionary}\n`, "latin1"),
    values,
  ]);
};

export interface Member {
  name: string;
  content: Buffer;
  /** What local header and directory say of it. */
  size?: number;
}
/** A zip of deflated members, by hand, so that it may say what is not so. */
export const zipOf = (...members: Member[]): Buffer => {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, content, size = content.length } of members) {
    const packed = deflateRawSync(content);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(8, 4);
    fields.writeUInt32LE(crc32(content), 10);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(size, 18);
    fields.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = Buffer.concat([Buffer.from("PK\u0003\u0004", "latin1"), fields, Buffer.from(name), packed]);
    const entry = Buffer.alloc(14);
    entry.writeUInt32LE(at, 10);
    directory.push(
      Buffer.concat([Buffer.from("PK\u0001\u0002\u0014\u0000", "latin1"), fields, entry, Buffer.from(name)]),
    );
    parts.push(local);
    at += local.length;
  }
  const listing = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write("PK\u0005\u0006", "latin1");
  end.writeUInt16LE(members.length, 8);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(listing.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, listing, end]);
};

export const pngChunk = (type: string, content: Buffer): Buffer => {
  const body = Buffer.concat([Buffer.from(type, "latin1"), content]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(content.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
};
/** A gray PNG of 8 bits whose packed pixels are whatever is given. */
export const pngOf = (width: number, height: number, pixels: Buffer): Buffer => {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  return Buffer.concat([
    Buffer.from("\u0089PNG\r\n\u001a\n", "latin1"),
    pngChunk("IHDR", header),
    pngChunk("IDAT", deflateSync(pixels)),
    pngChunk("IEND", Buffer.alloc(0)),
  ]);
};

/** Writes files into a folder; a name with a slash makes its folders, and a string that begins with "->" a symbolic link. */
export const writeAll = (folder: string, files: Readonly<Record<string, Buffer | string>>): void => {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(join(path, ".."), { recursive: true });
    if (typeof content === "string" && content.startsWith("->")) symlinkSync(content.slice(2), path);
    else writeFileSync(path, content);
  }
};
export const packed = (content: Buffer): Buffer => gzipSync(content);

export type Case = readonly [
  name: string,
  data: { type: string } & Record<string, unknown>,
  files: Record<string, Buffer | string>,
  message: string,
];
export const idx = { type: "idx", images: "a.idx" };
export const npy = { type: "npy", values: "a.npy" };
export const npz = { type: "npz", file: "a.npz" };
export const csv = { type: "csv", file: "a.csv" };
export const folder = { type: "image-folder", folder: "p" };

export const MEBIBYTE = 2 ** 20;
export const IMAGES = "train-images.idx3-ubyte";
export const LABELS = "train-labels.idx1-ubyte";
export const png = (name: string): Buffer => sound(`formats/${name}`);
export const digit = (i: number): Buffer => sound(`pictures/four/${String(3 * i).padStart(2, "0")}.png`);
export const digits = Object.fromEntries([0, 1, 2, 3, 4, 5].map((i) => [`p/${i}.png`, digit(i)]));
export const zeros = (size: number): Buffer => Buffer.alloc(size);
