import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { bytesInMemory, fileAt, readWhole } from "../../../src/data/readers/data-file.js";
import { idx } from "../../../src/data/readers/idx.js";
import { imageFolder } from "../../../src/data/readers/image-folder.js";
import { imageHeader } from "../../../src/data/readers/image-headers.js";
import { readPixels, resize, toGray } from "../../../src/data/readers/image-pixels.js";
import { crc32 } from "../../../src/storage/zip.js";
import { errorOf } from "../../support/error-of.js";
import { create, EXPECTED, FIXTURES, folderWith, inspect, readAll, rowsOf } from "../support/files.js";

const formats = join(FIXTURES, "formats");
const pixelsOf = async (name: string) => {
  const file = fileAt({ folder: formats }, name);
  return readPixels(file, imageHeader(bytesInMemory(readWhole(file, ""), name), name));
};

describe("images", () => {
  it.each(Object.keys(EXPECTED.pictures))("%s has the pixels that Pillow reads", async (name) => {
    const { shape, pixels } = EXPECTED.pictures[name]!;
    const { data, width, height, channels } = await pixelsOf(name);
    expect([height, width, channels]).toEqual(shape.length === 2 ? [...shape, 1] : shape);
    // Decoders of JPEG may round differently (ITU-T T.83 allows them to): by one level, two once colors are converted.
    const most = name.endsWith("png") ? 0 : channels === 1 ? 1 : 2;
    const worst = Math.max(...pixels.map((value, i) => Math.abs(value - data[i]!)));
    expect(worst).toBeLessThanOrEqual(most);
  });

  it("become gray as Pillow makes them", async () => {
    expect(Array.from(toGray(await pixelsOf("color.png")).data)).toEqual(EXPECTED.luma);
  });

  it("are resized to means over areas: by a whole factor as Pillow's reduce, else keeping their mean", async () => {
    const gray = await pixelsOf("gray.png");
    const { shape, pixels } = EXPECTED.boxed;
    const boxed = resize(gray, { height: shape[0]!, width: shape[1]! });
    expect(Math.max(...pixels.map((value, i) => Math.abs(value - boxed.data[i]!)))).toBeLessThanOrEqual(1);
    const mean = ({ data }: { data: Uint8Array }): number => data.reduce((a, b) => a + b, 0) / data.length;
    for (const size of [7, 13, 28, 45])
      expect(Math.abs(mean(resize(gray, { height: size, width: size })) - mean(gray))).toBeLessThan(0.1);
  });
});

describe("image-folder", () => {
  const pictures = { type: "image-folder", folder: "pictures" };

  it("takes the folders' names for classes, and holds each file once", async () => {
    const dataset = await create(imageFolder, pictures);
    expect(dataset.fields).toEqual({
      image: { kind: "image", shape: [8, 8, 1], support: "unit" },
      label: { kind: "label", shape: [], support: "categorical", classes: 3, names: ["four", "one", "zero"] },
    });
    const found = (["train", "validation", "test"] as const).flatMap((name) => {
      const { image, label } = readAll(dataset, name);
      return rowsOf(dataset.sizes[name]).map((i) => `${label![i]}:${image!.subarray(i * 64, (i + 1) * 64).join()}`);
    });
    // The same digits as in the idx file, the i-th of which was put into folder i % 3.
    const { image } = readAll(
      await create(idx, {
        type: "idx",
        images: "train-images.idx3-ubyte",
        testImages: "train-images.idx3-ubyte",
      } as never),
      "test",
    );
    const there = rowsOf(24).map((i) => `${i % 3}:${image!.subarray(i * 64, (i + 1) * 64).join()}`);
    expect(found.sort()).toEqual(there.sort());
  });

  it("takes an official test set of the same classes, and images without classes", async () => {
    const folder = folderWith({});
    for (const [of, names] of [
      ["train/one", ["00", "03"]],
      ["test/one", ["06", "09"]],
    ] as const) {
      mkdirSync(join(folder, of), { recursive: true });
      for (const name of names)
        copyFileSync(join(FIXTURES, "pictures/four", `${name}.png`), join(folder, of, `${name}.png`));
    }
    for (let i = 12; i < 18; i += 3)
      copyFileSync(join(FIXTURES, "pictures/four", `${i}.png`), join(folder, "train/one", `${i}.png`));
    const fields = { type: "image-folder", folder: "train", testFolder: "test", train: 2 };
    expect((await create(imageFolder, fields, folder)).sizes).toEqual({ train: 2, validation: 2, test: 2 });
    const plain = await create(imageFolder, { type: "image-folder", folder: "pictures/one" } as never);
    expect(plain.sizes).toEqual({ train: 4, validation: 2, test: 2 });
    expect(Object.keys(plain.fields)).toEqual(["image"]);
  });

  it("makes sizes and channels agree only where that is asked for", async () => {
    const folder = folderWith({});
    for (const name of ["gray.png", "color.png", "gray.jpg", "color.jpg"])
      copyFileSync(join(formats, name), join(folder, name));
    for (const i of ["00", "03"]) copyFileSync(join(FIXTURES, "pictures/four", `${i}.png`), join(folder, `${i}.png`));
    const fields = { type: "image-folder", folder: "." };
    const message = (more: object): string =>
      errorOf(() => inspect(imageFolder, { ...fields, ...more } as never, folder)).message;
    expect(message({})).toContain('./color.jpg  it has 28 x 20 pixels, but ./00.png has 8 x 8 pixels. Set "resize"');
    expect(message({ resize: [10, 12] })).toContain("./color.jpg  it is in color, but ./00.png is gray");
    for (const [channels, depth] of [
      ["gray", 1],
      ["color", 3],
    ] as const) {
      const dataset = await create(imageFolder, { ...fields, resize: [10, 12], channels } as never, folder);
      expect(dataset.fields.image!.shape).toEqual([10, 12, depth]);
      expect(readAll(dataset, "test").image!).toHaveLength(2 * 120 * depth);
    }
  });

  it("shows the background that is asked for where a PNG is transparent", async () => {
    const folder = folderWith({});
    for (let i = 0; i < 6; i++) copyFileSync(join(formats, "gray-key.png"), join(folder, `${i}.png`));
    const read = async (more: object): Promise<Float32Array> =>
      readAll(await create(imageFolder, { type: "image-folder", folder: ".", ...more } as never, folder), "test")
        .image!;
    const [white, blue] = [await read({}), await read({ background: [0, 0, 255] })];
    const pixels = EXPECTED.pictures["gray-key.png"]!.pixels;
    expect(Array.from(white.subarray(0, pixels.length), (value) => Math.round(value * 255))).toEqual(pixels);
    // ITU-R 601 gives blue the luma 0.114 * 255. The upper left pixel's color is the transparent one.
    expect(Math.round(white[0]! * 255)).toBe(255);
    expect(Math.round(blue[0]! * 255)).toBe(29);
  });

  it("turns a PNG as its eXIf chunk says, before or after the pixels, in either byte order", async () => {
    // A 2 x 1 gray PNG of 10 and 200: upright by orientation 6 it is 1 x 2, and by 3 it is reversed.
    const chunk = (type: string, data: Buffer): Buffer => {
      const body = Buffer.concat([Buffer.from(type), data]);
      const frame = Buffer.alloc(8);
      frame.writeUInt32BE(data.length, 0);
      frame.writeUInt32BE(crc32(body), 4);
      return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
    };
    const png = (orientation: Buffer, isLast: boolean): Buffer => {
      const [exif, pixels] = [chunk("eXIf", orientation), chunk("IDAT", deflateSync(Buffer.of(0, 10, 200)))];
      const header = chunk("IHDR", Buffer.of(0, 0, 0, 2, 0, 0, 0, 1, 8, 0, 0, 0, 0));
      const signature = Buffer.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
      return Buffer.concat([
        signature,
        header,
        ...(isLast ? [pixels, exif] : [exif, pixels]),
        chunk("IEND", Buffer.of()),
      ]);
    };
    const big = (value: number): Buffer =>
      Buffer.from(`4d4d002a0000000800010112000300000001000${value}000000000000`, "hex");
    const little = (value: number): Buffer =>
      Buffer.from(`49492a0008000000010012010300010000000${value}00000000000000`, "hex");
    const valuesOf = async (file: Buffer) => {
      const folder = folderWith({});
      for (let i = 0; i < 6; i++) writeFileSync(join(folder, `${i}.png`), file);
      const dataset = await create(imageFolder, { type: "image-folder", folder: "." } as never, folder);
      const pixels = Array.from(readAll(dataset, "test").image!.subarray(0, 2), (value) => Math.round(value * 255));
      return [dataset.fields.image!.shape, pixels];
    };
    for (const isLast of [false, true])
      for (const order of [big, little]) {
        expect(await valuesOf(png(order(1), isLast))).toEqual([
          [1, 2, 1],
          [10, 200],
        ]);
        expect(await valuesOf(png(order(3), isLast))).toEqual([
          [1, 2, 1],
          [200, 10],
        ]);
        expect(await valuesOf(png(order(6), isLast))).toEqual([
          [2, 1, 1],
          [10, 200],
        ]);
        expect(await valuesOf(png(order(8), isLast))).toEqual([
          [2, 1, 1],
          [200, 10],
        ]);
      }
  });

  it("holds photographs upright, in the size that they then have", async () => {
    const folder = folderWith({});
    for (const i of [5, 6, 7, 8]) copyFileSync(join(formats, `exif-${i}.jpg`), join(folder, `${i}.jpg`));
    copyFileSync(join(formats, "exif-6.jpg"), join(folder, "9.jpg"));
    const fields = { type: "image-folder", folder: ".", train: 1 } as never;
    expect(inspect(imageFolder, fields, folder).fields.image!.shape).toEqual([28, 20, 1]);
    copyFileSync(join(formats, "exif-1.jpg"), join(folder, "1.jpg"));
    expect(errorOf(() => inspect(imageFolder, fields, folder)).message).toContain(
      "it has 20 x 28 pixels, but ./1.jpg has 28 x 20 pixels",
    );
  });
});
