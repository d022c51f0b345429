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
});
