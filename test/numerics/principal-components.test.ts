import { describe, expect, it } from "vitest";
import { principalComponents } from "../../src/numerics/principal-components.js";
import oracle from "../fixtures/statistics.json" with { type: "json" };

// The same formula as in test/oracles/statistics_and_components.py.
const columns = 5;
const values = Array.from({ length: 12 * columns }, (_, k) => {
  const [i, j] = [Math.floor(k / columns), k % columns];
  return Math.sin(1 + 3 * i + 7 * j + i * j) * (5 - j);
});

describe("principal components", () => {
  const { variances, components, projection } = oracle.components;

  it("are numpy's, signs included", () => {
    const own = principalComponents(values, columns, 5);
    own.variances.forEach((variance, k) => {
      expect(variance).toBeCloseTo(variances[k]!, 10);
      own.components[k]!.forEach((entry, j) => {
        expect(entry).toBeCloseTo(components[k]![j]!, 8);
      });
    });
  });

  it("project as numpy does", () => {
    const projected = principalComponents(values, columns, 2).projection;
    expect(projected).toHaveLength(24);
    projected.forEach((value, k) => {
      expect(value).toBeCloseTo(projection[Math.floor(k / 2)]![k % 2]!, 5);
    });
  });

  describe("of more columns than all eigenvectors are computed of", () => {
    // Rows with known loadings: x_i = a_i u + b_i v, u and v orthonormal, so variances are those of a and b.
    const wide = 1500;
    const u = Array.from({ length: wide }, (_, j) => (j % 2 === 0 ? Math.sqrt(2 / wide) : 0));
    const v = Array.from({ length: wide }, (_, j) => (j % 2 === 1 ? Math.sqrt(2 / wide) : 0));
    const of = (a: readonly number[], b: readonly number[]): Float32Array =>
      Float32Array.from({ length: a.length * wide }, (_, k) => {
        const [i, j] = [Math.floor(k / wide), k % wide];
        return a[i]! * u[j]! + b[i]! * v[j]!;
      });

    it("are the directions of largest variance", () => {
      // Uncorrelated, of mean 0: variances 10 and 2.5.
      const [a, b] = [
        [3, -1, 1, -3, -4, 4],
        [1, 2, 2, 1, -3, -3],
      ];
      const { variances, components, projection } = principalComponents(of(a!, b!), wide, 2);
      const mean = (values: number[]): number => values.reduce((x, y) => x + y, 0) / values.length;
      const [va, vb] = [mean(a!.map((x) => x * x)), mean(b!.map((x) => x * x))];
      expect(variances[0]).toBeCloseTo(va, 4);
      expect(variances[1]).toBeCloseTo(vb, 4);
      components[0]!.forEach((entry, j) => {
        expect(Math.abs(entry - u[j]!)).toBeLessThan(1e-5);
      });
      a!.forEach((x, i) => {
        expect(projection[2 * i]).toBeCloseTo(x, 3);
        expect(projection[2 * i + 1]).toBeCloseTo(b![i]!, 3);
      });
    });

    it("are there, with no variance, where rows are all the same", () => {
      const { variances, components } = principalComponents(of([1, 1, 1], [2, 2, 2]), wide, 2);
      for (const variance of variances) expect(variance).toBeCloseTo(0, 10);
      for (const component of components)
        expect(component.reduce((sum, entry) => sum + entry * entry, 0)).toBeCloseTo(1, 8);
    });
  });
});
