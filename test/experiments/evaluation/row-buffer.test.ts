import { expect, test } from "vitest";
import { RowBuffer } from "../../../src/experiments/evaluation/row-buffer.js";

const two = (...data: number[]) => ({ shape: [data.length / 2, 2], data: Float32Array.from(data) });
const one = (...data: number[]) => ({ shape: [data.length], data: Float32Array.from(data) });

test("rows of several calls stand one after another, by output, and those beyond the count are left out", () => {
  const buffer = new RowBuffer(5);
  buffer.add({ pairs: two(1, 2, 3, 4), labels: one(7, 8) }, 2);
  buffer.add({ pairs: two(5, 6, 7, 8), labels: one(9, 10) }, 2);
  buffer.add({ pairs: two(9, 10, 11, 12), labels: one(11, 12) }, 2);
  expect([...buffer.of("pairs")]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect([...buffer.of("labels")]).toEqual([7, 8, 9, 10, 11]);
  expect(Object.keys(buffer.outputs())).toEqual(["pairs", "labels"]);
});

test("an output that no call gave is empty", () => {
  expect(new RowBuffer(3).of("means")).toHaveLength(0);
});
