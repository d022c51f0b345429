/** The design of pairs covers each pair that can be had, and says which cannot. */
import { describe, expect, test } from "vitest";
import { stream } from "../../src/numerics/streams.js";
import { type Exclusion, type Factors, pairsOf, pairwise, type Row } from "./support/cover/pairwise.js";

const FACTORS: Factors = {
  color: ["red", "green", "blue", "gray"],
  size: ["small", "large", "huge"],
  form: ["ball", "cube", "cone"],
  weight: ["light", "heavy"],
};
const designOf = (forbidden: readonly Exclusion[], seed = 1, most?: number) => {
  const tested: Row[] = [];
  const test = async (row: Row) => {
    tested.push(row);
    const exclusions = forbidden.filter((each) => Object.entries(each).every(([name, level]) => row[name] === level));
    return exclusions.length > 0 ? ({ ok: false, exclusions } as const) : ({ ok: true } as const);
  };
  return pairwise(FACTORS, stream(seed, "design"), test, most).then((design) => ({ ...design, tested }));
};
const key = (pair: Exclusion): string => JSON.stringify(Object.entries(pair).sort());
const PAIRS = 4 * 3 + 4 * 3 + 4 * 2 + 3 * 3 + 3 * 2 + 3 * 2;

describe("a pairwise design", () => {
  test("has every pair in a row, in far fewer rows than there are combinations", async () => {
    const { rows, pairs, excluded } = await designOf([]);
    expect(pairs).toBe(PAIRS);
    expect(new Set(rows.flatMap(pairsOf).map(key)).size).toBe(PAIRS);
    expect(excluded).toEqual([]);
    // 4 * 3 rows are needed for the two largest factors.
    expect(rows.length).toBeGreaterThanOrEqual(12);
    expect(rows.length).toBeLessThan(20);
  });

  test("leaves out the pairs that exclude each other, and has all others", async () => {
    const pair = { color: "red", size: "huge" };
    const { rows, excluded } = await designOf([pair]);
    expect(excluded).toEqual([{ pair, stated: true }]);
    expect(new Set(rows.flatMap(pairsOf).map(key)).size).toBe(PAIRS - 1);
  });

  test("finds the pairs that cannot be had because of other exclusions", async () => {
    // A cone is neither light nor heavy beside gray.
    const forbidden = ["light", "heavy"].map((weight) => ({ color: "gray", form: "cone", weight }));
    const { excluded, tested } = await designOf(forbidden);
    expect(excluded.map(({ pair }) => key(pair)).sort()).toEqual(
      [...pairsOf(forbidden[0]!), { color: "gray", weight: "heavy" }]
        .filter((pair) => "color" in pair && "form" in pair)
        .map(key),
    );
    // What was refused once is not tried again.
    expect(tested.filter(({ color, form }) => color === "gray" && form === "cone").length).toBeLessThanOrEqual(2);
  });

  test("is the same for one seed, and another for another", async () => {
    const [one, again, other] = [await designOf([]), await designOf([]), await designOf([], 2)];
    expect(again.rows).toEqual(one.rows);
    expect(other.rows).not.toEqual(one.rows);
  });

  test("stops at as many rows as are asked for, the first of the whole", async () => {
    const [whole, part] = [await designOf([]), await designOf([], 1, 5)];
    expect(part.rows).toEqual(whole.rows.slice(0, 5));
  });
});
