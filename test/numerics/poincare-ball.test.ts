import { expect, test } from "vitest";
import { alongGeodesic, geodesic } from "../../src/numerics/poincare-ball.js";

// The ball in two dimensions is the disk: (z - a) / (1 - conj(a) z) takes a to 0, and geodesics to geodesics.
const toOrigin = ([ax, ay]: readonly [number, number], [x, y]: readonly [number, number]): [number, number] => {
  const [u, v] = [x - ax, y - ay];
  const [p, q] = [1 - (ax * x + ay * y), ay * x - ax * y];
  const norm = p * p + q * q;
  return [(u * p + v * q) / norm, (v * p - u * q) / norm];
};

test("a geodesic becomes a straight line, evenly spaced, where its start becomes the origin", () => {
  const a: [number, number] = [0.3, -0.6];
  const path = geodesic(a, [-0.5, 0.4], 4);
  const [, first, second, last] = Array.from({ length: 4 }, (_, i) => toOrigin(a, [path[2 * i]!, path[2 * i + 1]!]));
  const distance = ([x, y]: [number, number]): number => 2 * Math.atanh(Math.hypot(x, y));
  expect(distance(first!)).toBeCloseTo(distance(last!) / 3, 5);
  expect(distance(second!)).toBeCloseTo((2 * distance(last!)) / 3, 5);
  expect(Math.atan2(first![1], first![0])).toBeCloseTo(Math.atan2(last![1], last![0]), 5);
});

test("a point moves along a geodesic through it by the distance asked for, and back", () => {
  const x: [number, number] = [0.2, 0.7];
  const [ahead, back] = [alongGeodesic(x, 0, 1.5), alongGeodesic(x, 0, -1.5)].map(([u, v]) => toOrigin(x, [u!, v!]));
  expect(2 * Math.atanh(Math.hypot(...ahead!))).toBeCloseTo(1.5, 10);
  expect(ahead![0]).toBeCloseTo(-back![0], 10);
  expect(ahead![1]).toBeCloseTo(-back![1], 10);
  expect(alongGeodesic(x, 1, 0)).toEqual(x.map((value) => expect.closeTo(value, 12)));
});

test("a geodesic from a point to itself stays there", () => {
  expect(Array.from(geodesic([0.1, 0.2], [0.1, 0.2], 3))).toEqual(
    [0.1, 0.2, 0.1, 0.2, 0.1, 0.2].map((value) => expect.closeTo(value, 6)),
  );
});
