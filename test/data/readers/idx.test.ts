import { createHash } from "node:crypto";
import { closeSync, ftruncateSync, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { idx } from "../../../src/data/readers/idx.js";
import { errorOf } from "../../support/error-of.js";
import { create, EXPECTED, FIXTURES, folderWith, inspect, readAll, rowsOf } from "../support/files.js";

const images = "train-images.idx3-ubyte";
const labels = "train-labels.idx1-ubyte";
const test = { testImages: "test-images.idx3-ubyte", testLabels: "test-labels.idx1-ubyte" };
const bytesOf = (values: Float32Array): Uint8Array => Uint8Array.from(values, (value) => Math.round(value * 255));
const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

describe("idx", () => {
  it.each(["", ".gz"])("reads the official test set as it is, and splits the rest: %s", async (packed) => {
    const fields = {
      type: "idx",
      images: images + packed,
      labels: labels + packed,
      testImages: test.testImages + packed,
      testLabels: test.testLabels + packed,
    };
    const dataset = await create(idx, fields);
    expect(inspect(idx, fields)).toMatchObject({
      fields: {
        image: { kind: "image", shape: [8, 8, 1], support: "unit" },
        label: { kind: "label", shape: [], support: "categorical", classes: 10 },
      },
      modeled: "image",
      sizes: { train: 108, validation: 12, test: 40 },
    });
    const official = readAll(dataset, "test");
    expect(sha256(bytesOf(official.image!))).toBe(EXPECTED.test.pixels);
    expect(Array.from(official.label!)).toEqual(EXPECTED.test.labels);
    // Train and validation are the first file, each example once with its own label.
    const all = (["train", "validation"] as const).flatMap((name) => {
      const { image, label } = readAll(dataset, name);
      return rowsOf(dataset.sizes[name]).map((i) => `${label![i]}:${bytesOf(image!.subarray(i * 64, (i + 1) * 64))}`);
    });
    const raw = readFileSync(join(FIXTURES, images)).subarray(16);
    const there = EXPECTED.train.labels.map((label, i) => `${label}:${raw.subarray(i * 64, (i + 1) * 64).join()}`);
    expect(all.sort()).toEqual(there.sort());
  });

  it("hashes what it holds, packed or not", async () => {
    const plain = await create(idx, { type: "idx", images, labels } as never);
    const packed = await create(idx, { type: "idx", images: `${images}.gz`, labels: `${labels}.gz` } as never);
    expect(packed.sha256).toBe(plain.sha256);
    for (const other of [
      { seed: 1 },
      { binarize: "static" },
      { binarize: "stochastic" },
      { dequantize: true },
      { train: 50 },
    ])
      expect((await create(idx, { type: "idx", images, labels, ...other } as never)).sha256).not.toBe(plain.sha256);
  });

  it.each([
    ["0b", Math.trunc],
    ["0c", Math.trunc],
    ["09", Math.trunc],
    ["0d", Math.fround],
    ["0e", Math.fround],
  ])("reads the element type 0x%s", async (code, cast) => {
    const dataset = await create(idx, {
      type: "idx",
      images: `numbers-${code}.idx`,
      train: 96,
      validation: 2,
      test: 2,
    } as never);
    const rows = (["train", "validation", "test"] as const).flatMap((name) => {
      const { x } = readAll(dataset, name);
      return rowsOf(dataset.sizes[name]).map((i) => Array.from(x!.subarray(i * 3, i * 3 + 3)).join());
    });
    const there = rowsOf(100).map((row) => [row - 40, (row * 7) % 11, row / 8].map(cast).join());
    expect(rows.sort()).toEqual(there.sort());
  });

  it("reads a file larger than memory should hold where it lies", async () => {
    const folder = folderWith({});
    const count = 2_000_000;
    const file = openSync(join(folder, "large.idx"), "w");
    const header = Buffer.from([0, 0, 8, 3, 0, 0, 0, 0, 0, 0, 0, 28, 0, 0, 0, 28]);
    header.writeUInt32BE(count, 4);
    writeSync(file, header, 0, 16, 0);
    // Sparse: only this pixel of the last example is written.
    ftruncateSync(file, 16 + count * 784);
    writeSync(file, Buffer.from([255]), 0, 1, 16 + count * 784 - 1);
    closeSync(file);
    const before = process.memoryUsage().rss;
    const fields = { type: "idx", images: "large.idx", train: 1000, validation: 100, test: 100 };
    const dataset = await create(idx, fields, folder);
    dataset.split("train", "training").read(rowsOf(1000));
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 2 ** 20);
    expect(dataset.sizes).toEqual({ train: 1000, validation: 100, test: 100 });
  });

  it("wants labels for both files or neither, and a test set for its labels", () => {
    const refused = (fields: object) =>
      errorOf(() => inspect(idx, { type: "idx", images, ...fields } as never)).message;
    expect(refused({ labels, testImages: test.testImages })).toContain(
      "labels are given for only one of the two files",
    );
    expect(refused({ testLabels: test.testLabels })).toContain(
      "labels are given for a test set, but no test set is given",
    );
    expect(refused({ test: 41, testImages: test.testImages })).toContain("needs 41 examples, but the test file has 40");
    expect(refused({ train: 120 })).toContain("need 144 examples, but the data have 120");
    expect(refused({ binarize: "static", dequantize: true })).toContain("binarized values cannot be dequantized");
    expect(refused({ images: "numbers-0d.idx", binarize: "static" })).toContain(
      'values with support "real" are not probabilities',
    );
  });
});
