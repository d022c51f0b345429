import { describe, expect, it } from "vitest";
import type { Dataset, SplitName } from "../../../src/contracts/dataset.js";
import { gaussian } from "../../../src/data/synthetic/gaussian.js";
import { momentsOf } from "../../../src/numerics/principal-components.js";
import { symmetricEigen } from "../../../src/numerics/symmetric-eigen.js";

const defaults = {
  type: "gaussian",
  mean: 0,
  exact: false,
  seed: 0,
  train: 4000,
  validation: 1000,
  test: 1000,
} as const;
const create = async (fields: object = {}): Promise<Dataset> =>
  gaussian.create({ ...defaults, ...fields } as never, { folder: "." });
const read = (dataset: Dataset, name: SplitName): Float32Array => {
  const split = dataset.split(name, "training");
  return split.read(Array.from({ length: split.size }, (_, i) => i)).x!;
};
const eigenvalues = [9, 4, 1, 0.25];

describe("gaussian data", () => {
  it("have exactly the covariance and mean asked for, where that was asked for", async () => {
    const { mean, covariance } = momentsOf(read(await create({ eigenvalues, exact: true, mean: 3 }), "train"), 4);
    symmetricEigen(covariance).values.forEach((value, i) => {
      expect(Math.abs(value / eigenvalues[i]! - 1)).toBeLessThan(1e-6);
    });
    for (const entry of mean) expect(Math.abs(entry - 3)).toBeLessThan(1e-6);
  });

  it("have the same covariance in every split, within sampling error", async () => {
    const sizes = { train: 40_000, validation: 40_000, test: 40_000 };
    const dataset = await create({ eigenvalues, exact: true, ...sizes });
    const exact = momentsOf(read(dataset, "train"), 4).covariance;
    for (const other of [
      read(dataset, "validation"),
      read(dataset, "test"),
      read(await create({ eigenvalues, ...sizes }), "train"),
    ]) {
      const { mean, covariance } = momentsOf(other, 4);
      for (let i = 0; i < 4; i++) {
        expect(Math.abs(mean[i]!)).toBeLessThan(4 * Math.sqrt(exact.get(i, i) / 40_000));
        for (let j = 0; j < 4; j++) {
          // The variance of a sample covariance: (S_ii S_jj + S_ij^2) / n.
          const deviation = Math.sqrt((exact.get(i, i) * exact.get(j, j) + exact.get(i, j) ** 2) / 40_000);
          expect(Math.abs(covariance.get(i, j) - exact.get(i, j))).toBeLessThan(4 * deviation);
        }
      }
      expect(covariance.get(0, 0)).not.toBe(exact.get(0, 0));
    }
    // Rotated: the axes are not the columns.
    expect(Math.abs(exact.get(0, 1))).toBeGreaterThan(0.01);
  });

  it("are Gaussian: a twentieth lies beyond 1.96 standard deviations, half within 0.6745", async () => {
    const x = read(await create({ dimensions: 1, train: 40_000 }), "train").map((value) => Math.abs(value) / 2);
    const share = (bound: number): number => x.filter((value) => value < bound).length / 40_000;
    expect(Math.abs(share(1.959964) - 0.95)).toBeLessThan(4 * Math.sqrt((0.95 * 0.05) / 40_000));
    expect(Math.abs(share(0.67449) - 0.5)).toBeLessThan(4 * Math.sqrt(0.25 / 40_000));
  });

  it("are fixed by their seed, split by split", async () => {
    const [a, b, other, longer] = [
      await create(),
      await create(),
      await create({ seed: 1 }),
      await create({ train: 5000 }),
    ];
    expect(a.sha256).toBe(b.sha256);
    expect(other.sha256).not.toBe(a.sha256);
    expect(longer.sha256).not.toBe(a.sha256);
    expect(read(b, "train")).toEqual(read(a, "train"));
    expect(read(other, "test")).not.toEqual(read(a, "test"));
    expect(read(longer, "test")).toEqual(read(a, "test"));
    expect(read(longer, "train").subarray(0, read(a, "train").length)).toEqual(read(a, "train"));
  });

  it("reads the rows asked for, in their order", async () => {
    const dataset = await create({ eigenvalues });
    const whole = read(dataset, "validation");
    expect(dataset.split("validation", "evaluation").read([5, 2]).x).toEqual(
      Float32Array.of(...whole.subarray(20, 24), ...whole.subarray(8, 12)),
    );
  });

  it("takes eigenvalues of zero: the data then lie in a plane", async () => {
    const { covariance } = momentsOf(read(await create({ eigenvalues: [2, 1, 0], exact: true }), "train"), 3);
    expect(Math.abs(symmetricEigen(covariance).values[2]!)).toBeLessThan(1e-6);
  });

  it("fills in what was left out, once and for all", () => {
    const filled = gaussian.resolve!({ type: "gaussian", dimensions: 4 }, {});
    expect(filled).toEqual({ type: "gaussian", dimensions: 4, eigenvalues: [4, 2, 4 / 3, 1] });
    expect(gaussian.resolve!(filled, {})).toEqual(filled);
    expect(gaussian.resolve!({ type: "gaussian", eigenvalues }, {})).toEqual({
      type: "gaussian",
      dimensions: 4,
      eigenvalues,
    });
    expect(gaussian.resolve!({ type: "gaussian" }, {}).dimensions).toBe(8);
    expect(gaussian.inspect!({ ...defaults, eigenvalues }, { folder: "." })).toEqual({
      fields: { x: { kind: "vector", shape: [4], support: "real" } },
      modeled: "x",
      sizes: { train: 4000, validation: 1000, test: 1000 },
    });
  });

  it("refuses what cannot be", () => {
    expect(() => gaussian.inspect!({ ...defaults, dimensions: 3, eigenvalues }, { folder: "." })).toThrow(
      "4 eigenvalues for 3 dimensions",
    );
    expect(() => gaussian.inspect!({ ...defaults, train: 8, exact: true }, { folder: "." })).toThrow(
      "8 training examples cannot have an exact covariance in 8 dimensions",
    );
  });
});
