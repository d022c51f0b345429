/** Orthonormal vectors against W W' = I, the signs of their draws, and what a drawing yields on its way. */
import { expect, test } from "vitest";
import { normal, stream } from "../../src/numerics/streams.js";
import { drawEach, drawn } from "../../src/tensor/drawing.js";
import { orthonormal } from "../../src/tensor/orthogonal.js";

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
const COUNT = 150;
const LENGTH = 151;
const basis = drawn(orthonormal(COUNT, LENGTH, stream(3, "w")));

test("W W' is the identity to float64, where a single Gram-Schmidt loses digits", () => {
  for (let i = 0; i < COUNT; i++)
    for (let j = 0; j <= i; j++) expect(Math.abs(dot(basis[i]!, basis[j]!) - Number(i === j))).toBeLessThan(1e-14);
});

test("each vector is its draw without the part along earlier ones: R of the QR decomposition is positive on its diagonal", () => {
  const uniform = stream(3, "w");
  const draws = Array.from({ length: COUNT }, () => Float64Array.from({ length: LENGTH }, () => normal(uniform)));
  for (const [k, draw] of draws.entries()) {
    expect(dot(basis[k]!, draw)).toBeGreaterThan(0);
    for (let later = k + 1; later < COUNT; later++) expect(Math.abs(dot(basis[later]!, draw))).toBeLessThan(1e-12);
  }
});

const fractions = <T>(drawing: Generator<number, T>): number[] => [...drawing];

test("long drawings pause, and say how far they are", () => {
  const draws = fractions(drawEach(200_000, () => 1));
  expect(draws).toEqual([65536 / 200_000, 131072 / 200_000, 196608 / 200_000, 1]);
  const steps = fractions(orthonormal(COUNT, 600, stream(3, "w")));
  // 2 * 150 * 149 / 2 subtractions of 600 elements, with 4 million multiplications between pauses.
  expect(steps).toHaveLength(Math.floor((150 * 149 * 1200) / 4_000_000));
  expect([...steps].sort((a, b) => a - b)).toEqual(steps);
  expect(steps.every((fraction) => fraction > 0 && fraction < 1)).toBe(true);
});
