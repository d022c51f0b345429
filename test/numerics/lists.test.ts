/** Lists longer than the stack takes as arguments. */
import { expect, test } from "vitest";
import { append, extentOf, maximum, minimum } from "../../src/numerics/lists.js";

const COUNT = 300_000;
const values = Array.from({ length: COUNT }, (_, i) => (i * 7919) % COUNT);

test("the extremes of 300,000 values", () => {
  expect(minimum(values)).toBe(0);
  expect(maximum(values)).toBe(COUNT - 1);
  expect(extentOf(values)).toEqual([0, COUNT - 1]);
});

test("of none, and with a NaN, as Math.min and Math.max have them", () => {
  expect(extentOf([])).toEqual([Infinity, -Infinity]);
  expect(minimum([1, Number.NaN, 0])).toBeNaN();
  expect(maximum([1, Number.NaN, 2])).toBeNaN();
});

test("300,000 elements are appended", () => {
  const list = [-1];
  append(list, values);
  expect(list).toHaveLength(COUNT + 1);
  expect(list.slice(0, 3)).toEqual([-1, 0, 7919]);
});
