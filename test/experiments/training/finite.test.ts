import { describe, expect, it } from "vitest";
import type { Dataset } from "../../../src/contracts/dataset.js";
import { remedyOf } from "../../../src/experiments/training/finite.js";
import type { Support } from "../../../src/tensor/fields.js";

/** Two examples of one number. */
const dataset = (support: Support): Dataset => {
  const read = (rows: ArrayLike<number>) => ({ x: Float32Array.from(rows, (row) => 5000 * row) });
  const sizes = { train: 2, validation: 2, test: 2 };
  return {
    fields: { x: { kind: "vector", shape: [1], support } },
    modeled: "x",
    sizes,
    sha256: "0",
    split: () => ({ size: 2, read }),
  };
};

describe("the remedy for a run that diverges at once", () => {
  it.each(["real", "positive"] as const)("asks to scale large %s values", (support) => {
    expect(remedyOf({ step: 0, saved: undefined, dataset: dataset(support) })).toContain('take "scale": 5000');
  });
  it.each(["count", "categorical"] as const)(
    "does not ask to scale %s values, which networks see otherwise",
    (support) => {
      const remedy = remedyOf({ step: 0, saved: undefined, dataset: dataset(support) });
      expect(remedy).toContain("Check the scales in the likelihood");
      expect(remedy).not.toContain('"scale"');
    },
  );
});
