import { describe, expect, test } from "vitest";
import { traversals, walkBetween } from "../../../src/experiments/evaluation/walks.js";

const near = (actual: Float32Array, expected: readonly number[]): void => {
  expect(actual).toHaveLength(expected.length);
  for (const [i, value] of expected.entries()) expect(actual[i]).toBeCloseTo(value, 6);
};

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
  near(traversals([1, 2], [1, 0], { range: 3, steps: 3 }), [1, -1, 1, 2, 1, 5, -2, 2, 1, 2, 4, 2]);
});
