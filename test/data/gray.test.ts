import { beforeAll, describe, expect, it } from "vitest";
import { type Binarize, type Prepared, prepareGray } from "../../src/data/gray.js";
import { inMemory } from "../../src/data/split.js";
import type { Noise } from "../../src/tensor/keyed-noise.js";
import { bitsPerDimension } from "../../src/tensor/mathematics.js";
import { tf } from "../../src/tensor/tensor.js";
import { useEngine } from "../support/engine.js";

beforeAll(async () => {
  await useEngine();
});

const WIDTH = 256;
const ROWS = 200;
/** Every gray value of 8 bits, once an example. */
const gray = inMemory({
  width: WIDTH,
  values: Float32Array.from({ length: WIDTH * ROWS }, (_, i) => (i % WIDTH) / 255),
});
const prepare = (binarize: Binarize, dequantize = false, seed = 0) =>
  prepareGray("image", gray, { binarize, dequantize, seed });
const read = ({ evaluation }: Prepared, row: number): Float32Array => {
  const out = new Float32Array(WIDTH);
  evaluation.fill(row, out, 0);
  return out;
};
const noiseOf = (value: number): Noise =>
  ({ uniform: (_: string, shape: number[]) => tf.fill(shape, value) }) as unknown as Noise;

describe("gray values", () => {
  it("are drawn by their probability, an example by itself, fixed by the seed", () => {
    const fixed = prepare("static");
    const ones = new Float64Array(WIDTH);
    for (let row = 0; row < ROWS; row++)
      read(fixed, row).forEach((bit, k) => {
        ones[k]! += bit;
      });
    expect([ones[0], ones[255]]).toEqual([0, ROWS]);
    for (let k = 1; k < 255; k++) {
      const p = k / 255;
      // 254 binomials, each within 4.5 deviations: one in 600 repetitions would fail, and the seed is fixed.
      expect(Math.abs(ones[k]! - ROWS * p)).toBeLessThan(4.5 * Math.sqrt(ROWS * p * (1 - p)) + 0.5);
    }
    expect(read(prepare("static"), 7)).toEqual(read(fixed, 7));
    expect(read(prepare("stochastic"), 7)).toEqual(read(fixed, 7));
    expect(read(prepare("static", false, 1), 7)).not.toEqual(read(fixed, 7));
    expect(read(fixed, 8)).not.toEqual(read(fixed, 7));
  });

  it("are 1 from a half on", () => {
    expect(Array.from(read(prepare("threshold"), 0)).indexOf(1)).toBe(128);
  });

  it("are dequantized within their own cell of 256", () => {
    const prepared = prepare("none", true);
    const offsets: number[] = [];
    for (let row = 0; row < ROWS; row++)
      read(prepared, row).forEach((x, k) => {
        const u = x * 256 - k;
        if (!(u >= 0 && u <= 1)) throw new Error(`${k} became ${x}`);
        offsets.push(u);
      });
    const mean = offsets.reduce((a, b) => a + b) / offsets.length;
    expect(Math.abs(mean - 0.5)).toBeLessThan(4 / Math.sqrt(12 * offsets.length));
    const raw = new Float32Array(WIDTH);
    prepared.training.fill(0, raw, 0);
    const step = (u: number): number[] =>
      Array.from(prepared.transform!({ image: tf.tensor(raw, [1, WIDTH]) }, noiseOf(u)).image!.dataSync());
    expect(step(0)).toEqual(Array.from({ length: WIDTH }, (_, k) => k / 256));
    expect(step(0.5)).toEqual(Array.from({ length: WIDTH }, (_, k) => (k + 0.5) / 256));
  });

  it("in bits: the uniform density needs 8 a dimension, one half as wide 7", () => {
    expect(bitsPerDimension(0, 784)).toBe(8);
    expect(bitsPerDimension(-784 * Math.log(2), 784)).toBeCloseTo(7, 12);
  });
});
