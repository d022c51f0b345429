import { describe, expect, test } from "vitest";
import { stepsOf, variationsOf, variedRows } from "../../../src/experiments/evaluation/variations.js";
import { errorOf } from "../../support/error-of.js";

const embed = (): never => {
  throw new Error("nothing is embedded on the host");
};
const model = {
  latents: { z: [2], y: [2, 3], b: [2], c: [2, 2] },
  supports: { z: "real", y: "one-hot", b: "binary", c: "codes" },
  codes: { c: { shape: [4, 3], embed } },
} as const;
const code = Float32Array.of(1, 2, 0.2, 0.5, 0.3, 1, 0, 0, 0.9, 0.1, 5, 6, 7, 8);

describe("the rows of a traversal", () => {
  test("are the elements of latents, and the variables of discrete ones", () => {
    expect(variationsOf(model).map(({ latent, at, variable }) => [latent, at, variable?.categories])).toEqual([
      ["z", 0, undefined],
      ["z", 1, undefined],
      ["y", 2, 3],
      ["y", 5, 3],
      ["b", 8, 2],
      ["b", 9, 2],
      ...Array.from({ length: 4 }, () => ["c", 10, 3]),
    ]);
  });

  test("have as many columns as there are categories, and 11 where there are none", () => {
    const all = variationsOf(model);
    expect(stepsOf(all.slice(0, 2), undefined)).toBe(11);
    expect(stepsOf(all.slice(0, 2), 5)).toBe(5);
    expect(stepsOf(all.slice(0, 4), undefined)).toBe(3);
    expect(stepsOf(all.slice(0, 4), 3)).toBe(3);
    expect(errorOf(() => stepsOf(all.slice(2, 4), 5)).message).toContain("walks through its 3 categories");
    expect(errorOf(() => stepsOf(all, undefined)).message).toContain("have 3 and 2 categories");
  });

  test("of one-hot and binary variables are one-hot and binary", () => {
    const all = variationsOf(model);
    const rows = (which: number, steps: number): number[][] => {
      const { codes } = variedRows(model, { code }, [all[which]!], { range: 3, steps });
      return Array.from({ length: steps }, (_, i) => Array.from(codes.subarray(i * 14, (i + 1) * 14)));
    };
    expect(rows(3, 3).map((row) => row.slice(5, 8))).toEqual([
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ]);
    expect(rows(5, 2).map((row) => row.slice(8, 10))).toEqual([
      [Math.fround(0.9), 0],
      [Math.fround(0.9), 1],
    ]);
    expect(rows(3, 3).every((row) => row[0] === 1 && row[13] === 8)).toBe(true);
  });

  test("of codes change one category of the example's own", () => {
    const all = variationsOf(model);
    const { codes, categories } = variedRows(model, { code, categories: Float32Array.of(2, 0, 1, 1) }, [all[7]!], {
      range: 3,
      steps: 3,
    });
    expect(Array.from(categories!)).toEqual([2, 0, 1, 1, 2, 1, 1, 1, 2, 2, 1, 1]);
    expect(Array.from(codes)).toEqual([...code, ...code, ...code]);
  });
});
