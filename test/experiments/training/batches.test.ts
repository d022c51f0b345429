import { describe, expect, test } from "vitest";
import {
  BLOCK,
  batchInputs,
  blockGroupsOf,
  blocksOf,
  keysInput,
  readingBlocks,
} from "../../../src/experiments/training/batches.js";

const rowsBelow = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

test("a block is 100 examples: figures change with it, for noise is keyed by block", () => {
  expect(BLOCK).toBe(100);
});

describe.each([1, 99, 100, 101, 2000, 2001, 4150])("the blocks of %i examples", (size) => {
  const count = Math.ceil(size / 100);
  test("are full but for the last, and hold every row once", () => {
    const blocks = blocksOf(size);
    expect(blocks).toHaveLength(count);
    for (const [i, { start, rows }] of blocks.entries()) {
      expect(start).toBe(100 * i);
      expect(rows).toHaveLength(i < count - 1 ? 100 : size - 100 * (count - 1));
    }
    expect(blocks.flatMap(({ rows }) => [...rows])).toEqual(rowsBelow(size));
  });

  test("are the same in groups, of which a last block that is not full is one", () => {
    const groups = blockGroupsOf(size);
    expect(groups.flatMap(({ rows }) => [...rows])).toEqual(rowsBelow(size));
    expect(groups.flatMap(({ blocks }) => blocks)).toEqual(rowsBelow(count));
    for (const { start, rows, blocks } of groups) {
      expect(start).toBe(100 * blocks[0]!);
      expect(rows[0]).toBe(start);
      expect(blocks.length).toBeLessThanOrEqual(20);
      if (rows.length % 100 !== 0) expect(blocks).toHaveLength(1);
      else expect(rows).toHaveLength(100 * blocks.length);
    }
  });
});

test("a batch has its fields, the mask of what is observed, and the rows", () => {
  const fields = {
    x: { kind: "vector", shape: [2], support: "real" },
    label: { kind: "label", shape: [], support: "categorical", classes: 9 },
  } as const;
  const split = {
    size: 9,
    read: (rows: ArrayLike<number>) => ({
      x: Float32Array.from({ length: 2 * rows.length }, (_, i) => rows[i >> 1]! + (i % 2) / 2),
      label: Float32Array.from({ length: rows.length }, (_, i) => rows[i]!),
    }),
    observed: (rows: ArrayLike<number>) => ({ label: new Float32Array(rows.length).fill(1) }),
  };
  expect(batchInputs({ fields }, split, Int32Array.of(4, 2))).toEqual({
    index: { shape: [2], data: Int32Array.of(4, 2) },
    fields: {
      x: { shape: [2, 2], data: Float32Array.of(4, 4.5, 2, 2.5) },
      label: { shape: [2], data: Float32Array.of(4, 2) },
    },
    observed: { label: { shape: [2], data: Float32Array.of(1, 1) } },
  });
});

test("the key of one block is a vector, those of several a matrix", () => {
  const [a, b] = [Int32Array.of(1, 2), Int32Array.of(3, 4)];
  expect(keysInput([a])).toEqual({ shape: [2], data: a });
  expect(keysInput([a, b])).toEqual({ shape: [2, 2], data: Int32Array.of(1, 2, 3, 4) });
});

test("rows are read by bytes: 1,024 narrow ones, and a single one of 32 MiB", () => {
  const fields = (...shape: number[]) => ({ x: { kind: "vector", shape, support: "real" } }) as const;
  const sizes = (...shape: number[]) => readingBlocks(2000, fields(...shape)).map(({ rows }) => rows.length);
  expect(sizes(8)).toEqual([1024, 976]);
  // 2^25 bytes hold 8 rows of 2^20 numbers, and none of 2^24.
  expect(sizes(1024, 1024)).toEqual(Array(250).fill(8));
  expect(sizes(4096, 4096)).toHaveLength(2000);
});
