/** Examples of two real fields, x and y, of which y is missing for every third example if asked for. */
import type { DatasetDescription } from "../../src/contracts/dataset.js";
import { stream } from "../../src/numerics/streams.js";
import { defineDataset } from "../../src/spec/define.js";

const WIDTHS = { x: 3, y: 2 } as const;
const SIZES = { train: 24, validation: 12, test: 12 } as const;

const describe = (partial: boolean): DatasetDescription => ({
  fields: {
    x: { kind: "vector", shape: [WIDTHS.x], support: "real" },
    y: { kind: "vector", shape: [WIDTHS.y], support: "real" },
    kind: { kind: "label", shape: [], support: "categorical", classes: 2 },
  },
  modeled: "x",
  sizes: SIZES,
  ...(partial && { partial: ["y"] }),
});

export const twoFields = defineDataset({
  schema: {
    type: "object",
    title: "two fields",
    required: ["type"],
    additionalProperties: false,
    properties: { type: { const: "two-fields" }, partial: { type: "boolean", default: false } },
  },
  inspect: ({ partial }) => describe(partial === true),
  create: ({ partial }) => ({
    ...describe(partial),
    sha256: "0",
    split: (name) => {
      const values = (field: string, width: number, rows: ArrayLike<number>) =>
        Float32Array.from(
          Array.from(rows).flatMap((row) => {
            const draw = stream(1, `${name}/${field}/${row}`);
            return Array.from({ length: width }, () => 4 * draw() - 2);
          }),
        );
      return {
        size: SIZES[name],
        read: (rows) => ({
          x: values("x", WIDTHS.x, rows),
          y: values("y", WIDTHS.y, rows),
          kind: Float32Array.from(rows, (row) => row % 2),
        }),
        ...(partial && {
          observed: (rows: ArrayLike<number>) => ({
            y: Float32Array.from({ length: rows.length * WIDTHS.y }, (_, i) =>
              Number(rows[Math.floor(i / WIDTHS.y)]! % 3 !== 0),
            ),
          }),
        }),
      };
    },
  }),
});
