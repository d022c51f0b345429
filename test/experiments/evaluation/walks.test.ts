import { describe, expect, test } from "vitest";
import type { Model } from "../../../src/contracts/model.js";
import { pathBetween, traversals, type WalkName } from "../../../src/experiments/evaluation/walks.js";

const near = (actual: Float32Array, expected: readonly number[]): void => {
  expect(actual).toHaveLength(expected.length);
  for (const [i, value] of expected.entries()) expect(actual[i]).toBeCloseTo(value, 6);
};

type Latents = Pick<Model, "latents" | "supports">;
const real = (size: number): Latents => ({ latents: { z: [size] } });
const walkBetween = (a: number[], b: number[], steps: number, walk: WalkName): Float32Array =>
  pathBetween(real(a.length), Float32Array.from(a), Float32Array.from(b), steps, walk);

describe("between two codes", () => {
  test("straight: evenly spaced points of the chord", () => {
    near(walkBetween([0, 2], [4, -2], 5, "straight"), [0, 2, 1, 1, 2, 0, 3, -1, 4, -2]);
  });
  test("slerp: evenly spaced angles of the circle between unit codes", () => {
    const [a, b] = [Math.PI / 6, Math.PI / 3];
    near(walkBetween([1, 0], [0, 1], 4, "slerp"), [1, 0, Math.cos(a), Math.sin(a), Math.cos(b), Math.sin(b), 0, 1]);
  });
  test("slerp keeps the norm that both ends have, and ends at them", () => {
    const [a, b] = [
      [3, 0, 4],
      [0, 5, 0],
    ];
    const codes = walkBetween(a, b, 7, "slerp");
    for (let step = 0; step < 7; step++)
      expect(Math.hypot(...codes.subarray(step * 3, step * 3 + 3))).toBeCloseTo(5, 5);
    near(codes.subarray(0, 3), a);
    near(codes.subarray(18), b);
  });
  test("slerp between codes of one direction is the straight line, and between opposite ones nothing", () => {
    near(walkBetween([1, 1], [3, 3], 3, "slerp"), [1, 1, 2, 2, 3, 3]);
    expect(() => walkBetween([1, 2], [-1, -2], 3, "slerp")).toThrow("no one arc between opposite codes");
    expect(() => walkBetween([0, 0], [1, 2], 3, "slerp")).toThrow("a code of norm 0");
  });
});

test("a traversal moves one dimension around its value and leaves the others", () => {
  const codes = traversals(real(2), Float32Array.of(1, 2), [1, 0], { range: 3, steps: 3 });
  near(codes, [1, -1, 1, 2, 1, 5, -2, 2, 1, 2, 4, 2]);
});

describe("latents on spheres", () => {
  const norms = (codes: Float32Array, width: number, at: number, size: number): number[] =>
    Array.from({ length: codes.length / width }, (_, row) =>
      Math.hypot(...codes.subarray(row * width + at, row * width + at + size)),
    );
  // A circle, two numbers, and a product of two circles.
  const mixed: Latents = { latents: { s: [2], z: [2], t: [2, 2] }, supports: { s: "sphere", z: "real", t: "sphere" } };
  const a = Float32Array.of(1, 0, 5, 6, 1, 0, 0, 1);
  const b = Float32Array.of(0, 1, 7, 2, 0, -1, 0, 1);

  test("are joined by the shortest arc, and others by the line that was asked for", () => {
    const codes = pathBetween(mixed, a, b, 3, "straight");
    const half = Math.SQRT1_2;
    near(codes.slice(8, 16), [half, half, 6, 4, half, -half, 0, 1]);
    for (const at of [0, 4, 6]) for (const norm of norms(codes, 8, at, 2)) expect(norm).toBeCloseTo(1, 6);
    near(codes.slice(0, 8), [...a]);
    near(codes.slice(16), [...b]);
  });

  test("are traversed toward an axis and away from it, on the sphere, while the others stay", () => {
    const angle = 0.4;
    const codes = traversals(mixed, a, [1, 2, 4], { range: angle, steps: 3 });
    // Dimension 1 from (1, 0): an angle on either side.
    near(codes.slice(0, 8), [Math.cos(angle), -Math.sin(angle), 5, 6, 1, 0, 0, 1]);
    near(codes.slice(8, 16), [...a]);
    near(codes.slice(16, 24), [Math.cos(angle), Math.sin(angle), 5, 6, 1, 0, 0, 1]);
    near(codes.slice(24, 32), [1, 0, 5 - angle, 6, 1, 0, 0, 1]);
    // At (1, 0) itself, dimension 0 has no direction to it: any way along the sphere is as good.
    for (const at of [0, 4, 6]) for (const norm of norms(codes, 8, at, 2)) expect(norm).toBeCloseTo(1, 6);
    expect(codes[48 + 5]).not.toBeCloseTo(0, 2);
  });

  test("have no shortest arc between opposite codes", () => {
    const opposite = Float32Array.of(-1, 0);
    const sphere: Latents = { latents: { z: [2] }, supports: { z: "sphere" } };
    expect(() => pathBetween(sphere, Float32Array.of(1, 0), opposite, 3, "straight")).toThrow("no one arc");
  });
});
