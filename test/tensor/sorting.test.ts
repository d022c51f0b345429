import { beforeAll, expect, test } from "vitest";
import { ascendingOrder, sortedRows } from "../../src/tensor/sorting.js";
import { tf } from "../../src/tensor/tensor.js";
import { useEngine } from "../support/engine.js";
import { expectClose, tensorOf, valuesOf } from "../support/tensors.js";

beforeAll(async () => {
  await useEngine();
});

const rows = [
  [3, -1, 2, 0.5],
  [-2, 7, -3, 1],
];

test("rows are sorted each by itself", () => {
  expectClose(sortedRows(tensorOf(rows)), [
    [-1, 0.5, 2, 3],
    [-3, -2, 1, 7],
  ]);
  expect(valuesOf(ascendingOrder(tensorOf(rows)))).toEqual([1, 3, 2, 0, 2, 0, 3, 1]);
});
test("the gradient of each sorted value goes back to where it came from", () => {
  const weights = tensorOf([
    [1, 2, 3, 4],
    [5, 6, 7, 8],
  ]);
  const gradient = tf.grad((x) => tf.sum(tf.mul(sortedRows(x), weights)))(tensorOf(rows));
  expectClose(gradient, [
    [4, 1, 3, 2],
    [6, 8, 5, 7],
  ]);
});
test("equal values keep as many places as they are", () => {
  expectClose(sortedRows(tensorOf([[2, 1, 2, 1]])), [[1, 1, 2, 2]]);
  const gradient = tf.grad((x) => tf.sum(tf.mul(sortedRows(x), tensorOf([[1, 1, 5, 5]]))))(tensorOf([[2, 1, 2, 1]]));
  expectClose(gradient, [[5, 1, 5, 1]]);
});
