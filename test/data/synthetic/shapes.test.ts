import { describe, expect, it } from "vitest";
import type { Dataset } from "../../../src/contracts/dataset.js";
import { shapes } from "../../../src/data/synthetic/shapes.js";
import { SPRITES } from "../../../src/data/synthetic/sprites.js";
import { VaelabError } from "../../../src/errors.js";

const defaults = {
  type: "shapes",
  size: 32,
  shapes: SPRITES,
  factors: { scale: 6, orientation: 40, x: 32, y: 32 },
  binarize: "none",
  seed: 0,
  train: 60,
  validation: 20,
  test: 20,
} as const;
const create = async (fields: object = {}): Promise<Dataset> =>
  shapes.create({ ...defaults, ...fields } as never, { folder: "." });
const rowsTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
type Example = { image: Float32Array; shape: number; scale: number; orientation: number; x: number; y: number };
const examples = (dataset: Dataset): Example[] =>
  (["train", "validation", "test"] as const).flatMap((name) => {
    const split = dataset.split(name, "evaluation");
    const read = split.read(rowsTo(split.size));
    const width = read.image!.length / split.size;
    const label = (factor: string, i: number): number => read[factor]![i]!;
    return rowsTo(split.size).map((i) => ({
      image: read.image!.subarray(i * width, (i + 1) * width),
      shape: label("shape", i),
      scale: label("scale", i),
      orientation: label("orientation", i),
      x: label("x", i),
      y: label("y", i),
    }));
  });
const area = (image: Float32Array): number => image.reduce((sum, value) => sum + value, 0);
const center = (image: Float32Array, size: number): [number, number] => {
  const mean = (of: (i: number) => number): number =>
    image.reduce((sum, value, i) => sum + value * (of(i) + 0.5), 0) / area(image);
  return [mean((i) => i % size), mean((i) => Math.floor(i / size))];
};

/** Every combination, once: 3 x 3 x 8 x 5 x 5. */
const whole = {
  factors: { scale: 3, orientation: 8, x: 5, y: 5 },
  train: 1796,
  validation: 2,
  test: 2,
};

describe("shapes", () => {
  it("are every combination of the factors once, where all are asked for", async () => {
    const all = examples(await create(whole));
    const keys = new Set(all.map(({ image: _, ...factors }) => JSON.stringify(factors)));
    expect(keys.size).toBe(3 * 3 * 8 * 5 * 5);
  });

  it("are as large as their scale says, whole, by each shape's own formula", async () => {
    // The least circle about the heart's curve, by search: its center lies on the axis.
    const points = rowsTo(2000).map((k) => {
      const t = (2 * Math.PI * k) / 2000;
      return [16 * Math.sin(t) ** 3, 13 * Math.cos(t) - 5 * Math.cos(2 * t) - 2 * Math.cos(3 * t) - Math.cos(4 * t)];
    });
    const farthest = (y: number): number => points.reduce((most, p) => Math.max(most, Math.hypot(p[0]!, p[1]! - y)), 0);
    const heartRadius = Math.min(...rowsTo(101).map((k) => farthest(-5 + k / 10)));
    const size = 64;
    for (const { image, shape, scale } of examples(await create({ ...whole, size, binarize: "none" }))) {
      const radius = (size / 4) * [0.5, 0.75, 1][scale]!;
      // A square in its circle; an ellipse of half axes r and r / 2; the heart's curve has the area 180 pi in its own units.
      if (shape === 0) expect(area(image)).toBeCloseTo(2 * radius ** 2, 3);
      if (shape === 1) expect(Math.abs(area(image) / ((Math.PI * radius ** 2) / 2) - 1)).toBeLessThan(5e-4);
      if (shape === 2) {
        expect(Math.abs(area(image) / (180 * Math.PI * (radius / heartRadius) ** 2) - 1)).toBeLessThan(3e-3);
      }
    }
  });

  it("stand where x and y say, on a canvas of any size", async () => {
    for (const size of [28, 32, 64]) {
      for (const { image, shape, x, y } of examples(await create({ ...whole, size, binarize: "none" }))) {
        if (shape === 2) continue;
        const [cx, cy] = center(image, size);
        expect(Math.abs(cx - size * (0.25 + 0.125 * x))).toBeLessThan(0.05);
        expect(Math.abs(cy - size * (0.25 + 0.125 * y))).toBeLessThan(0.05);
      }
    }
  });

  it("turn by orientation: an ellipse's longer axis, a heart's tip", async () => {
    const size = 64;
    const one = { scale: 1, orientation: 8, x: 1, y: 1 };
    const all = examples(await create({ size, factors: one, train: 20, validation: 2, test: 2 }));
    expect(all).toHaveLength(24);
    for (const { image, shape, orientation } of all) {
      const angle = (Math.PI / 4) * orientation;
      const [cx, cy] = center(image, size);
      const moment = (of: (dx: number, dy: number) => number): number =>
        image.reduce((sum, value, i) => sum + value * of((i % size) + 0.5 - cx, Math.floor(i / size) + 0.5 - cy), 0) /
        area(image);
      const [xx, yy, xy] = [moment((x) => x * x), moment((_, y) => y * y), moment((x, y) => x * y)];
      if (shape === 1) {
        // Second moments of an ellipse: a^2 / 4 along an axis; turned, xy = (a^2 - b^2) / 8 sin 2t.
        expect(Math.abs(xx + yy - (16 ** 2 + 8 ** 2) / 4)).toBeLessThan(0.5);
        expect(Math.abs(xy - ((16 ** 2 - 8 ** 2) / 8) * Math.sin(2 * angle))).toBeLessThan(0.5);
        expect(Math.abs(xx - yy - ((16 ** 2 - 8 ** 2) / 4) * Math.cos(2 * angle))).toBeLessThan(0.5);
      }
      if (shape === 2) {
        // Its mass lies towards the lobes: away from the tip, which points down before it is turned.
        const third = moment((x, y) => (x * -Math.sin(angle) + y * Math.cos(angle)) ** 3);
        expect(third).toBeGreaterThan(10);
      }
    }
  });

  it("are binary where the cover is a half or more, and gray in between without", async () => {
    const [binary, gray] = [examples(await create({ binarize: "threshold" })), examples(await create())];
    binary.forEach(({ image }, i) => {
      image.forEach((value, pixel) => {
        if (value !== (gray[i]!.image[pixel]! >= 0.5 ? 1 : 0)) throw new Error(`example ${i}, pixel ${pixel}`);
      });
    });
    expect(gray.some(({ image }) => image.some((value) => value > 0.1 && value < 0.9))).toBe(true);
  });

  it("are a sample by its seed alone, a smaller training set scored on the same examples", async () => {
    const [a, b, other, small] = [
      await create(),
      await create(),
      await create({ seed: 1 }),
      await create({ train: 9 }),
    ];
    expect(b.sha256).toBe(a.sha256);
    expect(other.sha256).not.toBe(a.sha256);
    const test = (dataset: Dataset) => dataset.split("test", "evaluation").read(rowsTo(20));
    expect(test(small)).toEqual(test(a));
    expect(test(other)).not.toEqual(test(a));
  });

  it("announce each factor as a label of so many classes, and refuse more examples than combinations", () => {
    const inspect = (fields: object) => shapes.inspect!({ ...defaults, ...fields }, { folder: "." });
    expect(inspect({ shapes: ["heart"], binarize: "threshold" }).fields).toEqual({
      image: { kind: "image", shape: [32, 32, 1], support: "binary" },
      shape: { kind: "label", shape: [], support: "categorical", classes: 1, names: ["heart"] },
      scale: { kind: "label", shape: [], support: "categorical", classes: 6 },
      orientation: { kind: "label", shape: [], support: "categorical", classes: 40 },
      x: { kind: "label", shape: [], support: "categorical", classes: 32 },
      y: { kind: "label", shape: [], support: "categorical", classes: 32 },
    });
    expect(() => inspect({ factors: { scale: 1, orientation: 2, x: 2, y: 2 } })).toThrow(
      "need 100 examples, but the data have 24",
    );
    expect(() => inspect({ factors: { scale: 1024, orientation: 1024, x: 1024, y: 1024 } })).toThrow(VaelabError);
  });
});
