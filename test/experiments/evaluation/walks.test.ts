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

describe("discrete latents", () => {
  // Two variables of two values, three bits, and two codes of two dimensions, beside a real number.
  const discrete: Latents = {
    latents: { y: [2, 2], b: [3], z: [1], c: [2, 2] },
    supports: { y: "one-hot", b: "binary", z: "real", c: "codes" },
  };
  const a = Float32Array.of(1, 0, 1, 0, 0, 0, 0, 10, 1, 2, 3, 4);
  const b = Float32Array.of(0, 1, 0, 1, 1, 1, 1, 20, 5, 6, 7, 8);

  test("change variable by variable along a path, so that every step is a code of theirs", () => {
    const rows = pathBetween(discrete, a, b, 5, "straight");
    const row = (step: number): number[] => Array.from(rows.subarray(step * 12, (step + 1) * 12));
    expect(row(0)).toEqual(Array.from(a));
    expect(row(1)).toEqual([0, 1, 1, 0, 1, 0, 0, 12.5, 5, 6, 3, 4]);
    expect(row(2)).toEqual([0, 1, 1, 0, 1, 1, 0, 15, 5, 6, 3, 4]);
    expect(row(3)).toEqual([0, 1, 0, 1, 1, 1, 0, 17.5, 5, 6, 7, 8]);
    expect(row(4)).toEqual(Array.from(b));
    expect(pathBetween(discrete, a, b, 2, "straight")).toEqual(Float32Array.of(...a, ...b));
  });
});

describe("latents of positive numbers", () => {
  const positive: Latents = { latents: { z: [2] }, supports: { z: "positive" } };

  test("stay above 0 along paths and traversals, which multiply a value", () => {
    const [a, b] = [Float32Array.of(0.001, 4), Float32Array.of(3, 0.002)];
    for (const walk of ["straight", "slerp"] as const)
      expect(Math.min(...pathBetween(positive, a, b, 7, walk))).toBeGreaterThan(0);
    const codes = traversals(positive, a, [1], { range: 2, steps: 3 });
    near(codes, [0.001, 4 * Math.exp(-2), 0.001, 4, 0.001, 4 * Math.exp(2)]);
  });
});

describe("latents in a Poincaré ball", () => {
  const ball: Latents = { latents: { z: [2] }, supports: { z: "ball" } };
  const distance = (x: ArrayLike<number>, y: ArrayLike<number>): number => {
    const square = (point: number[]): number => point.reduce((sum, value) => sum + value ** 2, 0);
    const [a, b] = [Array.from(x), Array.from(y)];
    return Math.acosh(1 + (2 * square(a.map((value, i) => value - b[i]!))) / ((1 - square(a)) * (1 - square(b))));
  };

  test("are joined by evenly spaced points of the geodesic, at any walk", () => {
    const [a, b] = [Float32Array.of(0.5, -0.2), Float32Array.of(-0.1, 0.8)];
    for (const walk of ["straight", "slerp"] as const) {
      const codes = pathBetween(ball, a, b, 5, walk);
      near(codes.slice(0, 2), [...a]);
      near(codes.slice(8), [...b]);
      for (let step = 0; step < 4; step++) {
        const way = distance(codes.subarray(2 * step, 2 * step + 2), codes.subarray(2 * step + 2, 2 * step + 4));
        // Shortest only if the parts add up to the whole.
        expect(way).toBeCloseTo(distance(a, b) / 4, 4);
      }
    }
  });

  test("are traversed by hyperbolic distance, inside the ball", () => {
    const code = Float32Array.of(0.6, 0.3);
    const codes = traversals(ball, code, [1], { range: 3, steps: 3 });
    for (const step of [0, 2]) expect(distance(codes.subarray(2 * step, 2 * step + 2), code)).toBeCloseTo(3, 3);
    near(codes.slice(2, 4), [...code]);
    // From the origin, along the axis.
    near(traversals(ball, Float32Array.of(0, 0), [0], { range: 1, steps: 2 }), [-Math.tanh(0.5), 0, Math.tanh(0.5), 0]);
  });
});
