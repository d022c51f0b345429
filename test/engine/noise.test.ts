import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Engine } from "../../src/engine/engine.js";
import { loadEngine } from "../../src/engine/load.js";
import { tf } from "../../src/tensor/tensor.js";
import { useEngine } from "../support/engine.js";

afterAll(async () => {
  await useEngine();
});

const ENGINES = ["native", "wasm", "cpu"] as const;

describe.each(ENGINES)("noise on %s", (name) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await loadEngine(name);
  });
  const draw = (kind: "normal" | "uniform", seeds: [number, number], shape: number[]): number[] =>
    tf.tidy(() => Array.from(engine.noise[kind](tf.tensor1d(seeds, "int32"), shape).dataSync()));

  test("the same key gives the same numbers, another key gives others", () => {
    for (const kind of ["normal", "uniform"] as const) {
      const first = draw(kind, [7, 1], [64]);
      expect(draw(kind, [7, 1], [64])).toEqual(first);
      for (const other of [draw(kind, [7, 2], [64]), draw(kind, [8, 1], [64])])
        expect(first.filter((value, i) => value === other[i]).length).toBe(0);
    }
  });

  test("normals have the moments of a standard normal, uniforms those of [0, 1)", () => {
    const n = 100_000;
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const normal = draw("normal", [3, 4], [n]);
    // Five standard errors: 1 / sqrt(n) for the mean, sqrt(2 / n) for the variance, sqrt(96 / n) for the fourth moment.
    expect(Math.abs(mean(normal))).toBeLessThan(5 / Math.sqrt(n));
    expect(Math.abs(mean(normal.map((z) => z ** 2)) - 1)).toBeLessThan(5 * Math.sqrt(2 / n));
    expect(Math.abs(mean(normal.map((z) => z ** 4)) - 3)).toBeLessThan(5 * Math.sqrt(96 / n));
    const uniform = draw("uniform", [3, 4], [n]);
    expect(Math.min(...uniform)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...uniform)).toBeLessThan(1);
    expect(Math.abs(mean(uniform) - 1 / 2)).toBeLessThan(5 * Math.sqrt(1 / 12 / n));
  });

  test("a draw is one tensor, and constant to a gradient", () => {
    const key = tf.tensor1d([1, 2], "int32");
    const before = tf.memory().numTensors;
    const value = engine.noise.normal(key, [3, 2]);
    expect(tf.memory().numTensors).toBe(before + 1);
    expect(value.shape).toEqual([3, 2]);
    const gradient = tf.tidy(() =>
      Array.from(
        tf
          .grad((x) => tf.sum(tf.mul(x, engine.noise.normal(key, [3, 2]))))(tf.ones([3, 2]))
          .dataSync(),
      ),
    );
    expect(gradient).toEqual(Array.from(value.dataSync()));
    tf.dispose([key, value]);
  });
});
