import { expect, it } from "vitest";
import { gaussLegendre } from "../../src/numerics/gauss-legendre.js";

it.each([2, 3, 8, 20])("integrates polynomials up to degree 2 n - 1 exactly, n = %i", (n) => {
  const { nodes, weights } = gaussLegendre(n);
  for (let degree = 0; degree < 2 * n; degree++) {
    const integral = nodes.reduce((sum, x, i) => sum + weights[i]! * x ** degree, 0);
    expect(integral).toBeCloseTo(1 / (degree + 1), 12);
  }
  expect(nodes.every((x) => x > 0 && x < 1)).toBe(true);
});

it("has the two nodes that are known: (1 -+ 1 / sqrt 3) / 2, of weight 1/2", () => {
  const { nodes, weights } = gaussLegendre(2);
  expect(nodes.toSorted((a, b) => a - b)).toEqual([
    expect.closeTo((1 - 1 / Math.sqrt(3)) / 2, 14),
    expect.closeTo((1 + 1 / Math.sqrt(3)) / 2, 14),
  ]);
  expect(weights).toEqual([expect.closeTo(0.5, 14), expect.closeTo(0.5, 14)]);
});
