import { expect, test } from "vitest";
import type { Dataset } from "../../../src/contracts/dataset.js";
import { labelsOfSplit } from "../../../src/experiments/evaluation/labels-of-split.js";

const SIZE = 2300;
/** The label of row i is i % 3, known where i % 7 is not 0; "kind" is i % 2 and always known. */
const dataset = (labels: readonly string[]): Dataset => ({
  fields: {
    x: { kind: "vector", shape: [2], support: "real" },
    ...Object.fromEntries(
      labels.map((name) => [name, { kind: "label", shape: [], support: "categorical", classes: 3 }] as const),
    ),
  },
  modeled: "x",
  sizes: { train: 1, validation: 1, test: SIZE },
  sha256: "",
  split: (name) => ({
    size: name === "test" ? SIZE : 1,
    read: (rows) => ({
      x: new Float32Array(2 * rows.length),
      label: Float32Array.from(rows, (row) => row % 3),
      kind: Float32Array.from(rows, (row) => row % 2),
    }),
    observed: (rows) => ({ label: Float32Array.from(rows, (row) => Number(row % 7 !== 0)) }),
  }),
});

test("every example has its own label, and -1 where it is not known", () => {
  const rows = Array.from({ length: SIZE }, (_, i) => i);
  const found = labelsOfSplit(dataset(["label", "kind"]), "test");
  expect([...found.label!]).toEqual(rows.map((row) => (row % 7 === 0 ? -1 : row % 3)));
  expect([...found.kind!]).toEqual(rows.map((row) => row % 2));
});

test("data without labels have none", () => {
  expect(labelsOfSplit(dataset([]), "test")).toEqual({});
});
