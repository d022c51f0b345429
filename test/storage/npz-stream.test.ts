import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readNpz, writeNpz } from "../../src/storage/npz.js";
import { NpzStream } from "../../src/storage/npz-stream.js";

const folder = mkdtempSync(join(tmpdir(), "vaelab-npz-stream-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ROWS = 7;
const label = Int32Array.from({ length: ROWS }, (_, i) => i - 2);
const mean = Float32Array.from({ length: ROWS * 3 }, (_, i) => 1 / (i + 1));
const ARRAYS = { label: { dtype: "<i4", shape: [ROWS] }, mean: { dtype: "<f4", shape: [ROWS, 3] } } as const;

/** In blocks of `size` rows. */
const written = (name: string, size: number): string => {
  const path = join(folder, name);
  const stream = new NpzStream(path, ARRAYS);
  for (let row = 0; row < ROWS; row += size) {
    stream.append("label", label.subarray(row, row + size));
    stream.append("mean", mean.subarray(row * 3, (row + size) * 3));
  }
  stream.close();
  return path;
};

describe("an .npz written block by block", () => {
  it.each([1, 2, 3, ROWS])("holds what one written at once holds, in blocks of %i", (size) => {
    const path = written(`blocks-${size}.npz`, size);
    expect(readNpz(path)).toEqual({
      label: { shape: [ROWS], data: label },
      mean: { shape: [ROWS, 3], data: mean },
    });
  });

  it("has the same bytes however it was cut, and as long as one written at once", () => {
    const whole = join(folder, "whole.npz");
    writeNpz(whole, { label: { shape: [ROWS], data: label }, mean: { shape: [ROWS, 3], data: mean } });
    const [one, other] = [readFileSync(written("a.npz", 2)), readFileSync(written("b.npz", 5))];
    expect(one.equals(other)).toBe(true);
    expect(one.length).toBe(readFileSync(whole).length);
  });

  it("leaves no file, and nothing beside it, where it was not written to its end", () => {
    const path = join(folder, "cut.npz");
    const before = readdirSync(folder);
    const stream = new NpzStream(path, ARRAYS);
    stream.append("label", label);
    expect(() => stream.close()).toThrow('"mean.npy" is incomplete');
    stream.discard();
    expect(existsSync(path)).toBe(false);
    expect(readdirSync(folder)).toEqual(before);
  });

  it("refuses more values than the shape holds, arrays too large for a zip, and folders that are not there", () => {
    const stream = new NpzStream(join(folder, "more.npz"), ARRAYS);
    stream.append("label", label);
    expect(() => stream.append("label", label.subarray(0, 1))).toThrow('more bytes for "label.npy"');
    stream.discard();
    const large = { codes: { dtype: "<f4", shape: [2 ** 24, 100] } } as const;
    expect(() => new NpzStream(join(folder, "large.npz"), large)).toThrow(
      "the arrays take 6.3 GiB, but an .npz file holds at most 4 GiB",
    );
    expect(() => new NpzStream(join(folder, "none", "x.npz"), ARRAYS)).toThrow("the folder does not exist");
  });
});
