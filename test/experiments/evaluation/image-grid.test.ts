import { decode } from "fast-png";
import { describe, expect, it } from "vitest";
import type { Dataset } from "../../../src/contracts/dataset.js";
import { npy } from "../../../src/data/readers/npy.js";
import { displayRange } from "../../../src/experiments/evaluation/display-range.js";
import { gridPng } from "../../../src/experiments/evaluation/image-grid.js";
import { npyFile } from "../../data/support/damage.js";
import { create, folderWith } from "../../data/support/files.js";

const images = (values: readonly number[], fields: object = {}): Promise<Dataset> => {
  const data = Float32Array.from({ length: 40 * 4 }, (_, i) => values[i % values.length]!);
  const folder = folderWith({ "x.npy": npyFile("<f4", "(40, 2, 2)", new Uint8Array(data.buffer)) });
  return create(npy, { type: "npy", values: "x.npy", ...fields } as never, folder);
};

describe("pictures of images", () => {
  it.each<[string, number[], object, number, number]>([
    ["in [-1, 1]", [-1, -0.5, 0, 0.5, 1], {}, -1, 1],
    ["in [0, 1] without their ends", [0.1, 0.4, 0.9], {}, 0, 1],
    ["in [0, 255]", [0, 100, 254], {}, 0, 255],
    ["standardized", [-2, 0, 3], {}, -2, 3],
    ["of small counts", [0, 1, 4], { support: "count" }, 0, 4],
    ["declared to lie in [0, 1]", [0, 0.25], { support: "unit" }, 0, 1],
    ["all of one value beyond the usual ranges", [300], {}, 300, 300],
  ])("%s span black to white", async (_, values, fields, low, high) => {
    expect(displayRange(await images(values, fields))).toEqual({ low, high });
  });

  it("draws the range's ends black and white, its middle gray, and clips beyond", () => {
    const data = Float32Array.of(-1, 0, 1, 7, -3, 0.5);
    const png = gridPng({ data, range: { low: -1, high: 1 }, height: 1, width: 6, channels: 1 }, 1);
    // 255 (x + 1) / 2, rounded.
    expect(Array.from(decode(png).data)).toEqual([0, 128, 255, 255, 0, 191]);
  });

  it("draws a range of one value without dividing by 0", () => {
    const png = gridPng(
      { data: Float32Array.of(300, 300), range: { low: 300, high: 300 }, height: 1, width: 2, channels: 1 },
      1,
    );
    expect(Array.from(decode(png).data)).toEqual([0, 0]);
  });

  it.each([
    [2, 1, [0, 128]],
    [4, 3, [0, 64, 128, 128, 191, 255]],
    [5, 3, [0, 64, 128, 128, 191, 255]],
  ])("draws the first of %i channels as %i", (channels, drawn, expected) => {
    const levels = [0, 0.25, 0.5, 0.9, 0.9];
    const data = Float32Array.from(
      { length: 2 * channels },
      (_, i) => levels[i % channels]! + (i < channels ? 0 : 0.5),
    );
    const png = decode(gridPng({ data, range: { low: 0, high: 1 }, height: 1, width: 2, channels }, 1));
    expect(png.channels).toBe(drawn);
    expect(Array.from(png.data)).toEqual(expected);
  });

  it("refuses a picture that would fill the memory", () => {
    const size = 4100;
    const images = { data: new Float32Array(size * size), height: size, width: size, channels: 1 };
    expect(() => gridPng({ ...images, range: { low: 0, high: 1 } }, 8)).toThrow(
      "a grid of 1 images of 4100 x 4100 pixels is too large for one picture",
    );
  });
});
