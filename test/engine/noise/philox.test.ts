import { beforeAll, describe, expect, test } from "vitest";
import type { Engine } from "../../../src/engine/engine.js";
import { philox4x32, statelessNormal, statelessUniform } from "../../../src/engine/noise/philox.js";
import { tf } from "../../../src/tensor/tensor.js";
import { useEngine } from "../../support/engine.js";

const hex = (words: string): Uint32Array => Uint32Array.from(words.split(" "), (word) => Number.parseInt(word, 16));

describe("Philox-4x32-10", () => {
  // Random123 1.14.0, tests/kat_vectors.
  test.each([
    ["00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"],
    ["ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"],
    ["243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"],
  ])("counter %s, key %s", (counter, key, expected) => {
    const out = new Uint32Array(4);
    philox4x32(hex(counter), hex(key), out);
    expect(out).toEqual(hex(expected));
  });
});

// tf.random.stateless_normal([3], seed=[1, 2]) as TensorFlow's own documentation prints it.
test("TensorFlow's documented draw", () => {
  const documented = [0.5441101, 0.20738031, 0.07356433];
  statelessNormal([1, 2], 3).forEach((value, i) => {
    expect(value).toBeCloseTo(documented[i]!, 7);
  });
});

const SEEDS = [
  [0, 0],
  [1, 2],
  [-1, -2147483648],
  [2147483647, 123456789],
] as const;
const SHAPES = [[], [1], [3], [4], [7], [128, 20], [3, 5, 7, 11]] as const;

/** Half the distance between 1 and its neighbor in float32: the most that one correct rounding can change, relatively. */
const ROUNDING = 2 ** -24;

describe("the stream of TensorFlow's stateless ops", () => {
  let native: Engine;
  beforeAll(async () => {
    native = await useEngine();
  });
  const drawn = (kind: "normal" | "uniform", seeds: readonly number[], shape: readonly number[]) => {
    const key = tf.tensor1d([...seeds], "int32");
    const value = native.noise[kind](key, shape);
    const data = value.dataSync();
    expect(value.shape).toEqual([...shape]);
    expect(value.dtype).toBe("float32");
    tf.dispose([key, value]);
    return data;
  };

  test.each(SEEDS)("uniforms of seeds %i, %i are the same bits", (...seeds) => {
    for (const shape of SHAPES)
      expect(statelessUniform(seeds, tf.util.sizeFromShape([...shape]))).toEqual(drawn("uniform", seeds, shape));
  });

  // Logarithm, square root, sine or cosine, product: each may be rounded the other way by TensorFlow's C library.
  test.each(SEEDS)("normals of seeds %i, %i are the same but for roundings of the transform", (...seeds) => {
    for (const shape of [...SHAPES, [40_000]]) {
      const theirs = drawn("normal", seeds, shape);
      const ours = statelessNormal(seeds, theirs.length);
      expect(ours.length).toBe(theirs.length);
      const apart = Array.from(ours, (value, i) => Math.abs(value - theirs[i]!) / Math.abs(theirs[i]!));
      expect(Math.max(...apart)).toBeLessThanOrEqual(6 * ROUNDING);
      if (apart.length > 1000)
        expect(apart.filter((distance) => distance > 0).length / apart.length).toBeLessThan(0.02);
    }
  });
});
