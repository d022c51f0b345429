import { describe, expect, it } from "vitest";
import { npy } from "../../../src/data/readers/npy.js";
import { errorOf } from "../../support/error-of.js";
import { create, EXPECTED, inspect, readAll, rowsOf } from "../support/files.js";

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
  ])("reads numpy's %s", async (name, formula) => {
    const there = rowsOf(100).map((row) =>
      formula(row)
        .map((value) => value + 0)
        .join(),
    );
    expect((await rowsIn(`numbers-${name}.npy`)).sort()).toEqual(there.sort());
  });

  it("takes bytes for gray values, booleans for bits, and all else as it is", () => {
    const support = (fields: object) => {
      const { fields: found, modeled } = inspect(npy, { type: "npy", ...fields } as never);
      return [modeled, found[modeled]!.kind, found[modeled]!.support, found[modeled]!.shape];
    };
    expect(support({ values: "images.npy" })).toEqual(["image", "image", "unit", [8, 8, 1]]);
    expect(support({ values: "images.npy", shape: [64] })).toEqual(["x", "vector", "unit", [64]]);
    expect(support({ values: "images.npy", shape: [4, 16] })).toEqual(["image", "image", "unit", [4, 16, 1]]);
    expect(support({ values: "images.npy", support: "count" })).toEqual(["image", "image", "count", [8, 8, 1]]);
    expect(support({ values: "numbers-b1.npy" })).toEqual(["x", "vector", "binary", [3]]);
    expect(support({ values: "numbers-big-i4.npy" })).toEqual(["x", "vector", "real", [3]]);
    const message = (fields: object) => errorOf(() => support(fields)).message;
    expect(message({ values: "images.npy", shape: [63] })).toContain("has 8 x 8 values, and [63] are 63");
    expect(message({ values: "numbers-big-i4.npy", support: "unit" })).toContain("are no values from 0 to 1");
    expect(message({ values: "labels.npy" })).toContain("the array is 120: neither images nor vectors");
    expect(message({ values: "images.npy", labels: "numbers-b1.npy" })).toContain("labels are one number an example");
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
      `not-finite.npy row 4, element 2 (byte ${128 + (4 * 3 + 2) * 4})  NaN is no finite number`,
    );
    expect(await wrong("numbers-little-f4.npy", "unit")).toContain("is not between 0 and 1");
    expect(await wrong("numbers-little-i2.npy", "count")).toMatch(
      /row \d+, element 0 \(byte \d+\) {2}-\d+ is no natural number/,
    );
    expect(await wrong("images.npy", "binary")).toContain("is neither 0 nor 1");
  });
});
