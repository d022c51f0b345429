import { closeSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { csv } from "../../../src/data/readers/csv.js";
import { fileAt } from "../../../src/data/readers/data-file.js";
import { readText } from "../../../src/data/readers/text-chunks.js";
import { errorOf } from "../../support/error-of.js";
import { create, folderWith, readAll, rowsOf } from "../support/files.js";

const read = (content: Uint8Array | string): string => {
  const chunks: Buffer[] = [];
  let ended = 0;
  readText(fileAt({ folder: folderWith({ x: content }) }, "x"), {
    push: (chunk) => chunks.push(Buffer.from(chunk)),
    progress: () => {},
    end: () => ended++,
  });
  expect(ended).toBe(1);
  // Each piece is text by itself.
  return chunks.map((chunk) => chunk.toString("utf8")).join("");
};
const message = (content: Uint8Array | string): string => errorOf(() => read(content)).message;
const MEBIBYTE = 2 ** 20;

describe("text in pieces", () => {
  it.each(["é", "€", "😀"])("does not cut %s in two where a piece ends", (character) => {
    for (const before of [0, 1, 2, 3, 4]) {
      const text = "x".repeat(MEBIBYTE - before) + character.repeat(3);
      expect(read(text) === text).toBe(true);
    }
  });
  it("leaves out a byte order mark, at the beginning alone", () => {
    expect(read("\ufeffa\ufeffb")).toBe("a\ufeffb");
    expect(read("\ufeff")).toBe("");
    expect(read("ab")).toBe("ab");
  });
  it.each<[string, Buffer, string]>([
    [
      "UTF-16, little endian",
      Buffer.from("\ufeffa,b\n", "utf16le"),
      "x byte 0  the text is UTF-16, not UTF-8. Save it as UTF-8.",
    ],
    ["UTF-16, big endian", Buffer.from("\ufeffa,b\n", "utf16le").swap16(), "x byte 0  the text is UTF-16, not UTF-8"],
    ["UTF-32", Buffer.from([0xff, 0xfe, 0, 0, 0x61, 0, 0, 0]), "x byte 0  the text is UTF-32, not UTF-8"],
    [
      "UTF-16 without a mark",
      Buffer.from("a,b\n", "utf16le"),
      "x byte 1  it contains a NUL character: it is UTF-16 without a byte order mark, or not text",
    ],
    ["Latin-1", Buffer.from("a,é\n", "latin1"), "x byte 2  the text is not UTF-8. Save it as UTF-8."],
    ["a character cut at the end", Buffer.from("a,€").subarray(0, 4), "x byte 2  the text is not UTF-8"],
    [
      "Latin-1 far into the file",
      Buffer.concat([Buffer.alloc(3 * MEBIBYTE, "a"), Buffer.from([0xe9, 0x62])]),
      `x byte ${3 * MEBIBYTE}  the text is not UTF-8`,
    ],
    ["an empty file", Buffer.alloc(0), "x  the file is empty"],
  ])("refuses %s, and names the byte", (_, content, expected) => {
    expect(message(content)).toContain(expected);
  });
});

describe("gzipped text", () => {
  const text = rowsOf(300_000)
    .map((i) => `${i * i}`)
    .join("\n");
  it("is unpacked, in one member or several", () => {
    expect(read(gzipSync(text)) === text).toBe(true);
    const members = [text.slice(0, 10), text.slice(10, 2_000_000), text.slice(2_000_000)].map((part) => gzipSync(part));
    expect(read(Buffer.concat(members)) === text).toBe(true);
  });
  it("is compared with its checksum, and refused where it was cut", () => {
    const packed = gzipSync(text);
    const flipped = Buffer.from(packed);
    flipped[packed.length - 6]! ^= 1;
    expect(message(flipped)).toBe("x  damaged gzip: its content does not match its checksum");
    const first = gzipSync(text.slice(0, 100));
    first[first.length - 6]! ^= 1;
    expect(message(Buffer.concat([first, packed]))).toBe("x  damaged gzip: its content does not match its checksum");
    expect(message(packed.subarray(0, packed.length >> 1))).toBe("x  damaged gzip: it is truncated");
    expect(message(Buffer.concat([packed, Buffer.from("more")]))).toContain("x  damaged gzip: ");
  });
});

describe("large tables", () => {
  it("have no limit but the memory: 140 MiB are read into the few numbers that they hold", async () => {
    const folder = folderWith({});
    const zeros = "0".repeat(MEBIBYTE / 2);
    const file = openSync(join(folder, "x.csv"), "w");
    writeSync(file, "a,b\n");
    for (const row of rowsOf(140)) writeSync(file, `${zeros}${row},${zeros}${row % 2}.5\n`);
    closeSync(file);
    const dataset = await create(csv, { type: "csv", file: "x.csv", columns: { b: "ignored" } } as never, folder);
    const { mean, deviation } = (
      dataset.preparation as { columns: Record<string, { mean: number; deviation: number }> }
    ).columns.a!;
    const values = (["train", "validation", "test"] as const).flatMap((name) =>
      Array.from(readAll(dataset, name).x!, (value) => Math.abs(Math.round(value * deviation + mean))),
    );
    expect(values.sort((a, b) => a - b)).toEqual(rowsOf(140));
  });
});

it("decompresses a file that is packed a thousandfold in pieces, not at once", () => {
  const content = Buffer.alloc(2 ** 26, "1,2\n");
  const sizes: number[] = [];
  readText(fileAt({ folder: folderWith({ x: gzipSync(content) }) }, "x"), {
    push: (chunk) => void sizes.push(chunk.length),
    progress: () => {},
    end: () => {},
  });
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(2 ** 26);
  expect(Math.max(...sizes)).toBeLessThan(2 ** 25);
});
