/** A JPEG is walked to its end before it is decoded. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { bytesInMemory } from "../../../src/data/readers/data-file.js";
import { imageHeader } from "../../../src/data/readers/image-headers.js";
import { checkScans } from "../../../src/data/readers/jpeg-scans.js";
import { errorOf } from "../../support/error-of.js";
import { png } from "../support/damage.js";
import { FIXTURES } from "../support/files.js";

const check = (bytes: Buffer): void => checkScans(bytes, "a.jpg", imageHeader(bytesInMemory(bytes, "a.jpg"), "a.jpg"));
const scanIn = (bytes: Buffer): Buffer => bytes.subarray(bytes.indexOf(Buffer.from([0xff, 0xda])), -2);
/** A frame that claims this size. */
const claiming = (bytes: Buffer, height: number, width: number): Buffer => {
  const changed = Buffer.from(bytes);
  const frame = changed.findIndex((byte, i) => byte === 0xff && [0xc0, 0xc2].includes(changed[i + 1]!));
  changed.writeUInt16BE(height, frame + 5);
  changed.writeUInt16BE(width, frame + 7);
  return changed;
};

test.each(["gray.jpg", "color.jpg", "progressive.jpg"])("%s is sound, with whatever follows its end", (name) => {
  const bytes = readFileSync(join(FIXTURES, "formats", name));
  check(bytes);
  // Phones append a film.
  check(Buffer.concat([bytes, Buffer.alloc(1000, "\u00ff\u00da", "latin1")]));
});

test("a cut is found where nothing ends the image, though its data hold the bytes of an end", () => {
  const bytes = png("gray.jpg");
  const comment = Buffer.from([0xff, 0xfe, 0x00, 0x04, 0xff, 0xd9]);
  const cut = Buffer.concat([bytes.subarray(0, 2), comment, bytes.subarray(2, 300)]);
  expect(errorOf(() => check(cut)).message).toBe("a.jpg byte 306  the JPEG is truncated: it has no end marker");
});

test("a file that draws a large image many times over is refused", () => {
  const bytes = claiming(png("gray.jpg"), 4096, 4096);
  const scan = scanIn(bytes);
  const of = (scans: number): Buffer =>
    Buffer.concat([bytes.subarray(0, -2), ...Array.from({ length: scans - 1 }, () => scan), bytes.subarray(-2)]);
  check(of(16));
  expect(errorOf(() => check(of(17))).message).toBe(
    "a.jpg  damaged JPEG: it has more than 16 scans of 4096 x 4096 pixels",
  );
});

test("more pixels than are read are refused by the header", () => {
  for (const [height, width] of [
    [4097, 4096],
    [8000, 8000],
    [65_500, 65_500],
  ] as const)
    expect(errorOf(() => check(claiming(png("gray.jpg"), height, width))).message).toBe(
      `a.jpg  its header says ${width} x ${height} pixels; 1 to 16777216 are supported. Make the image smaller first.`,
    );
});

test.each<[string, Buffer]>([
  ["fill", Buffer.alloc(2 ** 20, 0xff)],
  ["empty segments", Buffer.alloc(2 ** 20, "\u00ff\u00e0\u0000\u0000", "latin1")],
])("a header of nothing but %s is not followed to its end", (_, filling) => {
  let reads = 0;
  const bytes = bytesInMemory(Buffer.concat([Buffer.from([0xff, 0xd8]), filling]), "a.jpg");
  const read = (at: number, length: number): Uint8Array => {
    reads++;
    return bytes.read(at, length);
  };
  const counted = { ...bytes, read };
  expect(errorOf(() => imageHeader(counted, "a.jpg")).message).toMatch(
    /^a\.jpg byte \d+ {2}damaged JPEG: a marker is missing$/,
  );
  expect(reads).toBeLessThan(5000);
});
