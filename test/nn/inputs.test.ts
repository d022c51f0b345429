import { beforeAll, describe, expect, it } from "vitest";
import { flattenFields, imageFields } from "../../src/nn/index.js";
import type { FieldSchema } from "../../src/tensor/fields.js";
import { useEngine } from "../support/engine.js";
import { expectClose, tensorOf } from "../support/tensors.js";

beforeAll(async () => {
  await useEngine();
});

describe("the input of a network", () => {
  it("has categories one-hot, counts as ln(1 + x), and other values as they are, in the order of the names", () => {
    const fields: Record<string, FieldSchema> = {
      b: { kind: "vector", shape: [2], support: "count" },
      a: { kind: "vector", shape: [2], support: "categorical", classes: 3 },
      c: { kind: "vector", shape: [1], support: "positive" },
    };
    const { size, apply } = flattenFields(fields);
    expect(size).toBe(9);
    expectClose(apply({ a: tensorOf([[2, 0]]), b: tensorOf([[0, 999]]), c: tensorOf([[70]]) }), [
      [0, 0, 1, 1, 0, 0, 0, Math.log(1000), 70],
    ]);
  });

  it("has ln(1 + x) of the counts in a row of a table", () => {
    const columns = (["numeric", "count", "binary"] as const).map((kind) => ({ name: kind, kind, width: 1 }));
    const table: FieldSchema = { kind: "vector", shape: [3], support: "real", columns };
    expectClose(flattenFields({ x: table }).apply({ x: tensorOf([[-5, 99, 1]]) }), [[-5, Math.log(100), 1]]);
  });

  it("has the categories of an image as channels", () => {
    const image: FieldSchema = { kind: "image", shape: [1, 2, 1], support: "categorical", classes: 2 };
    const { channels, apply } = imageFields({ x: image });
    expect(channels).toBe(2);
    expectClose(apply({ x: tensorOf([[[[1], [0]]]]) }), [
      [
        [
          [0, 1],
          [1, 0],
        ],
      ],
    ]);
  });
});
