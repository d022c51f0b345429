import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { VaelabError } from "../../src/errors.js";
import { decodeNpy, encodeNpy } from "../../src/storage/npy.js";
import { decodeNpz, encodeNpz, readNpz, writeNpz } from "../../src/storage/npz.js";
import { decodeSafetensors, encodeSafetensors } from "../../src/storage/safetensors.js";
import { crc32 } from "../../src/storage/zip.js";
import { errorOf } from "../support/error-of.js";

// The same formulas as in test/oracles/run_folder_formats.py, whose files these are compared with.
const fixture = (name: string) =>
  new Uint8Array(readFileSync(join(import.meta.dirname, "../fixtures/run-folder", name)));
const matrix = { shape: [3, 4], data: Float32Array.from({ length: 12 }, (_, k) => (Math.floor(k / 4) - (k % 4)) / 4) };
const column = { shape: [3, 1], data: Float32Array.of(0, 0.25, 0.5) };
const counts = { shape: [5], data: Int32Array.from({ length: 5 }, (_, i) => 3 * i - 5) };
const scalar = { shape: [], data: Float32Array.of(-0) };
const doubles = { shape: [1, 6], data: Float64Array.from({ length: 6 }, (_, i) => 1 / (1 + i)) };
const empty = { shape: [0, 7], data: new Float32Array(0) };
const names = { shape: [4], text: ["wren", "", "🦆 Ente", "a,b"] };
const mask = { shape: [5], data: Uint8Array.of(1, 0, 1, 0, 1) };
const tensors = { step: counts, épsilon: scalar, empty, "decoder/dense-0/weights": matrix, b: column };

describe("safetensors", () => {
  it("writes the bytes that the reference library writes", () => {
    expect(Buffer.compare(encodeSafetensors(tensors), fixture("tensors.safetensors"))).toBe(0);
  });

  it("reads the reference library's file", () => {
    expect(decodeSafetensors(fixture("tensors.safetensors"), "x")).toEqual(tensors);
    expect(Object.is(decodeSafetensors(fixture("tensors.safetensors"), "x").épsilon!.data[0], -0)).toBe(true);
  });

  it("reads from any offset of a larger buffer, and gives back values of its own", () => {
    const bytes = fixture("tensors.safetensors");
    const larger = Buffer.concat([Buffer.from("abc"), bytes]).subarray(3);
    const read = decodeSafetensors(larger, "x");
    larger.fill(0);
    expect(read).toEqual(tensors);
  });

  it("names the byte at which a cut file ends too early", () => {
    const bytes = fixture("tensors.safetensors");
    for (let length = 0; length < bytes.length; length++) {
      const error = errorOf(() => decodeSafetensors(bytes.subarray(0, length), "m.safetensors"));
      expect(error.code).toBe("DATA");
      expect(error.message).toMatch(/^m\.safetensors byte \d+ {2}damaged safetensors file: /);
    }
  });

  const withHeader = (header: string, dataBytes: number, claimed = header.length): Uint8Array => {
    const bytes = new Uint8Array(8 + header.length + dataBytes);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(claimed), true);
    bytes.set(Buffer.from(header), 8);
    return bytes;
  };
  it.each([
    [
      "a huge header",
      withHeader("{}", 0, 2 ** 52),
      "byte 0  damaged safetensors file: the header claims 4503599627370496 bytes",
    ],
    [
      "a header beyond the end",
      withHeader("{}", 0, 3),
      "byte 0  damaged safetensors file: the header claims 3 bytes, but 2 follow",
    ],
    ["no JSON", withHeader("{oops}", 0), "not JSON"],
    [
      "a name twice",
      withHeader(
        '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"I32","shape":[1],"data_offsets":[0,4]}}',
        4,
      ),
      "the header names a tensor twice",
    ],
    [
      "a name twice, once escaped",
      withHeader(
        '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"\\u0061":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}',
        4,
      ),
      "the header names a tensor twice",
    ],
    [
      "offsets that run backwards",
      withHeader('{"a":{"dtype":"F32","shape":[1],"data_offsets":[8,4]}}', 8),
      '"a" of shape [1] needs 4 bytes, but has -4',
    ],
    [
      "values beyond the end",
      withHeader('{"a":{"dtype":"F32","shape":[1000],"data_offsets":[0,4000]}}', 4),
      'it ends inside "a", 3996 bytes early',
    ],
    [
      "sizes whose product is beyond whole numbers",
      withHeader('{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}', 0),
      '"a" of shape [4294967296, 4294967296] needs',
    ],
    ["an array", withHeader("[1]", 0), "byte 8  damaged safetensors file: the header does not begin with {"],
    ["another type", withHeader('{"a":{"dtype":"BF16","shape":[1],"data_offsets":[0,2]}}', 2), '"a" has dtype "BF16"'],
    [
      "a negative size",
      withHeader('{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}', 4),
      '"a" has an invalid shape',
    ],
    [
      "a size beyond integers",
      withHeader('{"a":{"dtype":"F32","shape":[1e300],"data_offsets":[0,4]}}', 4),
      '"a" has an invalid shape',
    ],
    [
      "too few bytes",
      withHeader('{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}', 4),
      '"a" of shape [2] needs 8 bytes, but has 4',
    ],
    [
      "an overlap",
      withHeader(
        '{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}',
        8,
      ),
      '"b" overlaps',
    ],
    [
      "a hole",
      withHeader(
        '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}',
        12,
      ),
      '"b" follows a gap',
    ],
    [
      "bytes of nobody",
      withHeader('{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}', 5),
      "1 bytes belong to no tensor",
    ],
  ])("refuses %s", (_, bytes, message) => {
    expect(errorOf(() => decodeSafetensors(bytes, "x")).message).toContain(message);
  });

  it("carries any names, shapes and bits", () => {
    const tensor = fc
      .array(fc.float(), { maxLength: 6 })
      .map((values) => ({ shape: [values.length, 1], data: Float32Array.from(values) }));
    const name = fc.string({ unit: "grapheme", minLength: 1 }).filter((text) => text !== "__metadata__");
    fc.assert(
      fc.property(fc.dictionary(name, tensor), (given) => {
        const bytes = encodeSafetensors(given);
        expect((8 + Number(new DataView(bytes.buffer).getBigUint64(0, true))) % 8).toBe(0);
        expect(new Map(Object.entries(decodeSafetensors(bytes, "x")))).toEqual(new Map(Object.entries(given)));
      }),
    );
  });

  it("refuses a shape that does not fit", () => {
    expect(errorOf(() => encodeSafetensors({ a: { shape: [2], data: new Float32Array(3) } })).code).toBe("CONTRACT");
  });
});

describe("npy and npz", () => {
  it.each([
    ["matrix", matrix],
    ["counts", counts],
    ["scalar", scalar],
    ["doubles", doubles],
    ["empty", empty],
    ["names", names],
    ["mask", mask],
  ])("writes and reads %s as numpy does", (name, array) => {
    expect(Buffer.compare(encodeNpy(array), fixture(`${name}.npy`))).toBe(0);
    expect(decodeNpy(fixture(`${name}.npy`), "x")).toEqual(array);
  });

  it("reads numpy's archives, stored and deflated", () => {
    expect(decodeNpz(fixture("stored.npz"), "x")).toEqual({ matrix, counts });
    expect(decodeNpz(fixture("deflated.npz"), "x")).toEqual({ matrix, counts, doubles });
  });

  it("stores members as numpy's own files, and reads them back", () => {
    const path = join(mkdtempSync(join(tmpdir(), "vaelab-npz-")), "a.npz");
    writeNpz(path, { counts, matrix });
    expect(readNpz(path)).toEqual({ counts, matrix });
    expect(readFileSync(path).includes(Buffer.from(fixture("matrix.npy")))).toBe(true);
  });

  it("gives the same bytes whatever the order, the clock and the time zone", () => {
    const zone = process.env.TZ;
    const first = encodeNpz({ counts, matrix });
    process.env.TZ = "Pacific/Kiritimati";
    try {
      expect(Buffer.compare(encodeNpz({ matrix, counts }), first)).toBe(0);
    } finally {
      if (zone === undefined) delete process.env.TZ;
      else process.env.TZ = zone;
    }
  });

  it("computes the checksum of the standard's example", () => {
    expect(crc32(Buffer.from("123456789"))).toBe(0xcbf43926);
  });

  it.each(["stored.npz", "deflated.npz"])("never reads other values from a damaged %s", (name) => {
    const sound = fixture(name);
    const expected = decodeNpz(sound, "x");
    fc.assert(
      fc.property(fc.nat(sound.length - 1), fc.integer({ min: 1, max: 255 }), (position, flip) => {
        const bytes = sound.slice();
        bytes[position]! ^= flip;
        let read: unknown;
        try {
          read = decodeNpz(bytes, "x");
        } catch (error) {
          if (!(error instanceof VaelabError && error.code === "DATA")) throw error;
          return;
        }
        // Times, attributes and names are not under a checksum; the arrays are.
        expect(Object.values(read as object)).toEqual(Object.values(expected));
      }),
      { numRuns: 1000 },
    );
  });

  it("refuses cut archives and what it cannot represent", () => {
    const bytes = fixture("stored.npz");
    for (let length = 0; length < bytes.length; length++) {
      expect(errorOf(() => decodeNpz(bytes.subarray(0, length), "x")).code).toBe("DATA");
    }
    const columnMajor = Buffer.from(fixture("matrix.npy"));
    columnMajor.write("True, ", columnMajor.indexOf("False"), "latin1");
    expect(errorOf(() => decodeNpy(columnMajor, "m.npy")).message).toContain("m.npy byte 10");
  });
});
