import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { elementType } from "../../../src/data/readers/element-types.js";
import { idx } from "../../../src/data/readers/idx.js";
import { npy } from "../../../src/data/readers/npy.js";
import { errorOf } from "../../support/error-of.js";
import { idxHeader, npyFile } from "../support/damage.js";
import { create, EXPECTED, FIXTURES, folderWith, inspect, readAll, rowsOf } from "../support/files.js";

const rowsIn = async (values: string): Promise<string[]> => {
  const dataset = await create(npy, {
    type: "npy",
    values,
    support: "real",
    train: 96,
    validation: 2,
    test: 2,
  } as never);
  return (["train", "validation", "test"] as const).flatMap((name) => {
    const { x } = readAll(dataset, name);
    return rowsOf(dataset.sizes[name]).map((i) => Array.from(x!.subarray(i * 3, i * 3 + 3)).join());
  });
};
const signed = (row: number): number[] => [row - 40, (row * 7) % 11, row / 8];
const magnitude = (row: number): number[] => signed(row).map(Math.abs);
const truncated = (values: number[]): number[] => values.map(Math.trunc);

describe("npy", () => {
  it.each([
    ["little-f4", signed],
    ["big-f4", signed],
    ["little-f8", signed],
    ["big-f8", signed],
    ["little-i2", (row: number) => truncated(signed(row))],
    ["big-i2", (row: number) => truncated(signed(row))],
    ["little-i4", (row: number) => truncated(signed(row))],
    ["big-i4", (row: number) => truncated(signed(row))],
    ["little-i8", (row: number) => truncated(signed(row))],
    ["big-i8", (row: number) => truncated(signed(row))],
    ["i1", (row: number) => truncated(signed(row))],
    ["u1", (row: number) => truncated(magnitude(row))],
    ["little-u2", (row: number) => truncated(magnitude(row))],
    ["little-u4", (row: number) => truncated(magnitude(row))],
    ["little-u8", (row: number) => truncated(magnitude(row))],
    ["b1", (row: number) => signed(row).map((value) => Number(value !== 0))],
    ["half", signed, "half.npy"],
    ["Fortran order", signed, "fortran.npy"],
    ["Fortran order, big endian", (row: number) => truncated(signed(row)), "fortran-big-i2.npy"],
    ["version 2.0", signed, "version-2.npy"],
  ])("reads numpy's %s", async (name, formula, file = `numbers-${name}.npy`) => {
    const there = rowsOf(100).map((row) =>
      formula(row)
        .map((value) => value + 0)
        .join(),
    );
    expect((await rowsIn(file)).sort()).toEqual(there.sort());
  });

  it("reads 16-bit floats exactly, subnormal ones and the largest too", () => {
    const bytes = readFileSync(join(FIXTURES, "half-edges.npy"));
    const view = new DataView(bytes.buffer, bytes.byteOffset + 128);
    const values = rowsOf(8).map((i) => elementType("f2", true)!.read(view, 2 * i));
    // 1 / 3 is 0.333251953125 in binary16.
    expect(values).toEqual([0, -0, 2 ** -24, -(2 ** -14), 65504, 0.333251953125, -1, 1023 * 2 ** -24]);
  });

  it("reads images alike, whichever axis holds their channels", async () => {
    const fields = { type: "npy", test: 16, train: 2, validation: 2 } as const;
    const pixels = async (values: string, more: object = {}) => {
      const dataset = await create(npy, { ...fields, values, ...more } as never);
      return [dataset.fields.image!.shape, readAll(dataset, "test").image];
    };
    const last = await pixels("channels-last.npy");
    expect(last[0]).toEqual([4, 6, 3]);
    const first = { channels: "first" };
    expect(await pixels("channels-first.npy", first)).toEqual(last);
    expect(await pixels("channels-first-fortran.npy", first)).toEqual(last);
    expect(await pixels("channels-first-flat.npy", { ...first, shape: [3, 4, 6] })).toEqual(last);
  });

  it("reads sequences alike, whichever axis holds their channels, where it is asked for them", async () => {
    const fields = { type: "npy", test: 16, train: 2, validation: 2, sequences: true } as const;
    const values = async (more: object) => {
      const dataset = await create(npy, { ...fields, ...more } as never);
      return [dataset.fields, readAll(dataset, "test").x];
    };
    // Pixels of 4 x 6 side by side are a sequence of 24.
    const last = await values({ values: "channels-last.npy", shape: [24, 3] });
    expect(last[0]).toEqual({ x: { kind: "vector", shape: [24, 3], support: "unit" } });
    expect(await values({ values: "channels-first.npy", shape: [3, 24], channels: "first" })).toEqual(last);
    expect(() => inspect(npy, { type: "npy", values: "channels-last.npy", sequences: true } as never)).toThrow(
      "has shape 4 x 6 x 3, and a sequence has two axes",
    );
  });

  it("asks which axis holds the channels where the sizes leave it open", () => {
    const message = (fields: object): string =>
      errorOf(() => inspect(npy, { type: "npy", ...fields } as never)).message;
    expect(message({ values: "channels-first.npy" })).toContain(
      'has shape 3 x 4 x 6, which may mean 3 channels first or 6 channels last. Set "channels": "first" or "channels": "last".',
    );
    expect(message({ values: "channels-first-flat.npy", shape: [3, 4, 6] })).toContain("3 channels first");
    expect(message({ values: "images.npy", channels: "first" })).toContain("has shape 8 x 8, without a channel axis");
    const asked = inspect(npy, { type: "npy", values: "channels-first.npy", channels: "last" } as never);
    expect(asked.fields.image!.shape).toEqual([3, 4, 6]);
  });

  it.each([
    [[6, 4, 3], "channels-last.npy"],
    [[3, 4, 6], "channels-last.npy"],
    [[4, 6, 3], "channels-first.npy"],
    [[4, 16], "images.npy"],
  ])("refuses the shape %j, which mixes up rows and columns of %s", (shape, values) => {
    const fields = { type: "npy", values, shape } as never;
    expect(errorOf(() => inspect(npy, fields)).message).toContain("would scramble its rows and columns");
  });

  it.each([
    [[72], "channels-last.npy"],
    [[24, 3], "channels-last.npy"],
    [[2, 4, 8], "images.npy"],
    [[8, 8, 1], "images.npy"],
  ])("takes the shape %j, which splits or merges axes of %s", async (shape, values) => {
    const fields = { type: "npy", values, channels: shape.length === 3 ? "last" : undefined, test: 16 };
    const read = async (more: object) =>
      Object.values(readAll(await create(npy, JSON.parse(JSON.stringify({ ...fields, ...more }))), "test"))[0];
    const { channels: _, ...plain } = fields;
    expect(await read({ shape })).toEqual(Object.values(readAll(await create(npy, { ...plain } as never), "test"))[0]);
  });

  it("takes bytes for gray values, booleans for bits, and all else as it is", () => {
    const support = (fields: object) => {
      const { fields: found, modeled } = inspect(npy, { type: "npy", ...fields } as never);
      return [modeled, found[modeled]!.kind, found[modeled]!.support, found[modeled]!.shape];
    };
    expect(support({ values: "images.npy" })).toEqual(["image", "image", "unit", [8, 8, 1]]);
    expect(support({ values: "images.npy", shape: [64] })).toEqual(["x", "vector", "unit", [64]]);
    expect(support({ values: "images.npy", shape: [64, 1] })).toEqual(["image", "image", "unit", [64, 1, 1]]);
    expect(support({ values: "images.npy", support: "count" })).toEqual(["image", "image", "count", [8, 8, 1]]);
    expect(support({ values: "numbers-b1.npy" })).toEqual(["x", "vector", "binary", [3]]);
    expect(support({ values: "numbers-big-i4.npy" })).toEqual(["x", "vector", "real", [3]]);
    const message = (fields: object) => errorOf(() => support(fields)).message;
    expect(message({ values: "images.npy", shape: [63] })).toContain("has 8 x 8 values, but [63] has 63");
    expect(message({ values: "numbers-big-i4.npy", support: "unit" })).toContain("exceed the range [0, 1]");
    expect(message({ values: "labels.npy" })).toContain("an array of shape 120 holds neither images nor vectors");
    expect(message({ values: "images.npy", labels: "numbers-b1.npy" })).toContain("labels need one value per example");
  });

  it("dequantizes bytes: each value within its own cell, announced as such", async () => {
    const fields = { type: "npy", values: "images.npy", dequantize: true } as const;
    const [noisy, gray] = [await create(npy, fields), await create(npy, { ...fields, dequantize: false } as never)];
    expect(noisy.fields.image).toEqual({ kind: "image", shape: [8, 8, 1], support: "unit", levels: 256 });
    const [x, k] = [readAll(noisy, "test").image!, readAll(gray, "test").image!];
    x.forEach((value, i) => {
      const u = value * 256 - Math.round(k[i]! * 255);
      if (!(u >= 0 && u <= 1)) throw new Error(`element ${i}: ${value} from ${k[i]}`);
    });
    expect(new Set(x).size).toBeGreaterThan(700);
  });

  it("divides values by `scale`, bytes in the place of 255", async () => {
    const floats = npyFile("<f4", "(20, 2)", new Uint8Array(Float32Array.from({ length: 40 }, (_, i) => i * 5).buffer));
    const words = npyFile(
      "<u2",
      "(20, 2)",
      new Uint8Array(Uint16Array.from({ length: 40 }, (_, i) => i * 1000).buffer),
    );
    const bytes = npyFile(
      "|u1",
      "(20, 2)",
      Uint8Array.from({ length: 40 }, (_, i) => i * 5),
    );
    const images = Buffer.concat([idxHeader(8, 20, 1, 2), Uint8Array.from({ length: 40 }, (_, i) => i * 5)]);
    const folder = folderWith({ "floats.npy": floats, "words.npy": words, "bytes.npy": bytes, "images.idx": images });
    const read = async (values: string, fields: object) => {
      const data = { type: "npy", values, ...fields } as never;
      const { fields: described } = inspect(npy, data, folder);
      const dataset = await create(npy, data, folder);
      const all = (["train", "validation", "test"] as const).flatMap((name) => Array.from(readAll(dataset, name).x!));
      return { support: described.x!.support, values: all.sort((a, b) => a - b) };
    };
    const fives = rowsOf(40).map((i) => Math.fround((i * 5) / 255));
    expect(await read("floats.npy", { scale: 255 })).toEqual({ support: "real", values: fives });
    expect(await read("floats.npy", { scale: 255, support: "unit" })).toEqual({ support: "unit", values: fives });
    expect(await read("bytes.npy", { scale: 255 })).toEqual(await read("bytes.npy", {}));
    expect(await read("bytes.npy", { scale: 195, support: "unit" })).toEqual({
      support: "unit",
      values: rowsOf(40).map((i) => Math.fround((i * 5) / 195)),
    });
    expect(await read("words.npy", { scale: 65535, support: "unit" })).toEqual({
      support: "unit",
      values: rowsOf(40).map((i) => Math.fround((i * 1000) / 65535)),
    });
    await expect(read("floats.npy", { support: "unit" })).rejects.toThrow(
      'is not between 0 and 1. Divide the values by their maximum, as in "scale": 255.',
    );
    await expect(read("bytes.npy", { scale: 195, dequantize: true })).rejects.toThrow("only 8-bit gray values");
    const scaled = await create(idx, { type: "idx", images: "images.idx", scale: 510 } as never, folder);
    expect(Math.max(...readAll(scaled, "train").image!)).toBeLessThanOrEqual(Math.fround(195 / 510));
  });

  it("reads labels of any integer type, each with its example", async () => {
    const dataset = await create(npy, { type: "npy", values: "images.npy", labels: "labels.npy" } as never);
    const counts = (labels: ArrayLike<number>): number[] =>
      rowsOf(10).map((label) => Array.from(labels).filter((other) => other === label).length);
    const read = (["train", "validation", "test"] as const).flatMap((name) =>
      Array.from(readAll(dataset, name).label!),
    );
    expect(counts(read)).toEqual(counts(EXPECTED.train.labels));
    expect(dataset.fields.label!.classes).toBe(10);
  });

  it("names the row, element and byte of a value outside its support", async () => {
    const wrong = async (values: string, support: string): Promise<string> =>
      create(npy, { type: "npy", values, support } as never).then(
        () => "nothing",
        (error: Error) => error.message,
      );
    // Row 4 holds the 0.5 that was made NaN: its third element.
    expect(await wrong("not-finite.npy", "real")).toContain(
      `not-finite.npy row 4, element 2 (byte ${128 + (4 * 3 + 2) * 4})  NaN is not a finite number`,
    );
    expect(await wrong("numbers-little-f4.npy", "unit")).toContain("is not between 0 and 1");
    expect(await wrong("numbers-little-i2.npy", "count")).toMatch(
      /row \d+, element 0 \(byte \d+\) {2}-\d+ is not a non-negative integer/,
    );
    expect(await wrong("images.npy", "binary")).toContain("is neither 0 nor 1");
    expect(await wrong("images.npy", "positive")).toContain("0 is not a finite number above 0");
  });
});
