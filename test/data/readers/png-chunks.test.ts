/** What stands beside a PNG's pixels is never unpacked, and what they are unpacked to is what the header says. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import { expect, test } from "vitest";
import { bytesInMemory, fileAt } from "../../../src/data/readers/data-file.js";
import { imageHeader } from "../../../src/data/readers/image-headers.js";
import type { Pixels } from "../../../src/data/readers/image-orientation.js";
import { readPixels } from "../../../src/data/readers/image-pixels.js";
import { digit, png, pngChunk, pngOf } from "../support/damage.js";
import { folderWith } from "../support/files.js";

/** Of signature and header. */
const START = 8 + 25;
const read = (bytes: Buffer): Promise<Pixels> => {
  const folder = folderWith({});
  writeFileSync(join(folder, "a.png"), bytes);
  return readPixels(fileAt({ folder }, "a.png"), imageHeader(bytesInMemory(bytes, "a.png"), "a.png"));
};
const withChunk = (bytes: Buffer, chunk: Buffer): Buffer =>
  Buffer.concat([bytes.subarray(0, START), chunk, bytes.subarray(START)]);

test.each(["iCCP", "zTXt", "iTXt"])("a %s chunk is skipped: one that cannot be unpacked is no fault", async (type) => {
  const bomb = Buffer.concat([Buffer.from("name\0\0"), deflateSync(Buffer.alloc(1 << 20)).subarray(0, 100)]);
  const { data } = await read(withChunk(digit(0), pngChunk(type, bomb)));
  expect(data).toEqual((await read(digit(0))).data);
});

test("a palette's index beyond its colors is damage of the file", async () => {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(2, 0);
  header.writeUInt32BE(1, 4);
  header.set([8, 3], 8);
  const of = (index: number): Buffer =>
    Buffer.concat([
      png("gray.png").subarray(0, 8),
      pngChunk("IHDR", header),
      pngChunk("PLTE", Buffer.from([1, 2, 3, 4, 5, 6])),
      pngChunk("IDAT", deflateSync(Buffer.from([0, 1, index]))),
      pngChunk("IEND", Buffer.alloc(0)),
    ]);
  expect(Array.from((await read(of(0))).data)).toEqual([4, 5, 6, 1, 2, 3]);
  await expect(read(of(2))).rejects.toMatchObject({
    code: "DATA",
    problems: [{ where: "a.png", message: "damaged PNG: Incorrect index of palette color" }],
  });
});

test("a second header cannot claim another size", async () => {
  const other = pngOf(60_000, 60_000, Buffer.alloc(4)).subarray(8, START);
  await expect(read(withChunk(digit(0), other))).rejects.toThrow(
    `a.png byte ${START}  damaged PNG: it has more than one header`,
  );
});

test("a chunk that ends after the file does is a cut", async () => {
  const cut = digit(0).subarray(0, 60);
  await expect(read(cut)).rejects.toThrow("a.png byte 60  damaged PNG: it is truncated");
});
