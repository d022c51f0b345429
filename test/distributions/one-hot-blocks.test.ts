/** Two columns of categories side by side, by sums written out here. */
import { beforeAll, expect, test } from "vitest";
import { OneHotBlocks } from "../../src/distributions/one-hot-blocks.js";
import type { Engine } from "../../src/engine/engine.js";
import { tf } from "../../src/tensor/tensor.js";
import { useEngine } from "../support/engine.js";
import { noiseOf } from "../support/tensors.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

/** Three examples; two categories in the first column, three in the second. */
const P = [
  [0.25, 0.75, 0.5, 0.3, 0.2],
  [0.9, 0.1, 0.1, 0.1, 0.8],
  [0.5, 0.5, 0.2, 0.2, 0.6],
];
const blocks = () => {
  const logP = tf.log(tf.tensor2d(P));
  return new OneHotBlocks([tf.slice(logP, [0, 0], [3, 2]), tf.slice(logP, [0, 2], [3, 3])]);
};

test("the examples are the batch, and all columns together are one event", () => {
  const p = blocks();
  expect([p.batchShape, p.eventShape]).toEqual([[3], [5]]);
  const drawn = p.sample(noiseOf(engine), "x", [4]);
  expect(drawn.shape).toEqual([4, 3, 5]);
  const values = drawn.arraySync() as number[][][];
  for (const row of values.flat()) {
    expect(row.slice(0, 2).sort()).toEqual([0, 1]);
    expect(row.slice(2).sort()).toEqual([0, 0, 1]);
  }
});

test("ln p is the sum over columns of ln p of their category", () => {
  const value = tf.tensor2d([
    [0, 1, 1, 0, 0],
    [1, 0, 0, 0, 1],
    [0, 1, 0, 1, 0],
  ]);
  const found = Array.from(blocks().logProb(value).dataSync());
  for (const [i, expected] of [0.75 * 0.5, 0.9 * 0.8, 0.5 * 0.2].entries())
    expect(found[i]).toBeCloseTo(Math.log(expected), 5);
});
