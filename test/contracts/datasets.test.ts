/** Data sets: what they announce is what they hold, and `data.seed` alone says which examples are where. */
import { beforeAll, describe, expect, test } from "vitest";
import { builtins } from "../../src/builtins.js";
import { SPLITS } from "../../src/contracts/dataset.js";
import type { Dataset } from "../../src/contracts/index.js";
import type { Engine } from "../../src/engine/engine.js";
import { inspectDataset } from "../../src/registry/checking/inspect.js";
import { createCatalogue } from "../../src/registry/components/catalogue.js";
import { type FieldSchema, sizeOf } from "../../src/tensor/fields.js";
import { type Tensor, tf } from "../../src/tensor/tensor.js";
import { loadCase, type SetUp, setUp } from "../../src/testing/experiment.js";
import { useEngine } from "../support/engine.js";
import { noiseOf, valuesOf } from "../support/tensors.js";
import { casesOfKind } from "./support/cases.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

const isIn = ({ support, classes = 0 }: FieldSchema, value: number): boolean => {
  switch (support) {
    case "binary":
      return value === 0 || value === 1;
    case "unit":
      return value >= 0 && value <= 1;
    case "categorical":
      return Number.isInteger(value) && value >= 0 && value < classes;
    case "count":
      return Number.isInteger(value) && value >= 0;
    case "positive":
      return Number.isFinite(value) && value > 0;
    default:
      return Number.isFinite(value);
  }
};
const allOf = (dataset: Dataset, purpose: "training" | "evaluation") =>
  SPLITS.map((name) => {
    const split = dataset.split(name, purpose);
    return split.read(Array.from({ length: split.size }, (_, i) => i));
  });

for (const each of casesOfKind("dataset"))
  describe(each.name, () => {
    let made: SetUp;
    const build = async (seed: number, fields = {}): Promise<SetUp> =>
      setUp(await loadCase({ ...each, fields: { ...each.fields, ...fields } }), seed);
    beforeAll(async () => {
      made = await build(1);
    });

    test("holds what it announced before it was read", () => {
      const { dataset, spec } = made;
      const { sha256, split, transform, preparation: _, ...description } = dataset;
      expect(inspectDataset(spec.data, { folder: "." }, createCatalogue(builtins)) ?? description).toEqual(description);
      expect(sha256).toMatch(/^[0-9a-f]{64}$/);
      expect(Object.keys(dataset.fields)).toContain(dataset.modeled);
      for (const name of SPLITS)
        for (const purpose of ["training", "evaluation"] as const) {
          const rows = dataset.split(name, purpose);
          expect(rows.size).toBe(dataset.sizes[name]);
          const columns = rows.read([0, 1]);
          expect(Object.keys(columns).sort()).toEqual(Object.keys(dataset.fields).sort());
          for (const [field, values] of Object.entries(columns))
            expect(values).toHaveLength(2 * sizeOf(dataset.fields[field]!.shape));
        }
    });

    test("its values lie in their supports, those of training once they are transformed", () => {
      const { dataset } = made;
      for (const columns of allOf(dataset, "evaluation"))
        for (const [field, values] of Object.entries(columns))
          expect([field, values.every((value) => isIn(dataset.fields[field]!, value))]).toEqual([field, true]);
      const [train] = allOf(dataset, "training");
      const tensors = Object.fromEntries(
        Object.entries(train!).map(([field, values]): [string, Tensor] => [
          field,
          tf.tensor(values, [dataset.sizes.train, ...dataset.fields[field]!.shape]),
        ]),
      );
      const transformed = dataset.transform?.(tensors, noiseOf(engine)) ?? tensors;
      expect(Object.keys(transformed).sort()).toEqual(Object.keys(tensors).sort());
      for (const [field, x] of Object.entries(transformed)) {
        expect(x.shape).toEqual(tensors[field]!.shape);
        expect([field, valuesOf(x).every((value) => isIn(dataset.fields[field]!, value))]).toEqual([field, true]);
      }
      if (!dataset.transform) return;
      const modeled = (step: number): number[] =>
        valuesOf(dataset.transform!(tensors, noiseOf(engine, 1, step))[dataset.modeled]!);
      expect(modeled(0)).toEqual(modeled(0));
      expect(modeled(0)).not.toEqual(modeled(1));
    });

    test("rows are read in the order asked, the same each time", () => {
      const split = made.dataset.split("train", "evaluation");
      const both = split.read([3, 1]);
      for (const [field, values] of Object.entries(both)) {
        const [three, one] = [3, 1].map((row) => Array.from(split.read([row])[field]!));
        expect(Array.from(values)).toEqual([...three!, ...one!]);
      }
    });

    test("another seed of the run changes no example, no split and no hash; another seed of the data does", async () => {
      const other = await build(2);
      expect(other.dataset.sha256).toBe(made.dataset.sha256);
      for (const purpose of ["training", "evaluation"] as const)
        expect(allOf(other.dataset, purpose)).toEqual(allOf(made.dataset, purpose));
      if (!("seed" in each.fields)) return;
      const moved = await build(1, { seed: 7 });
      expect(moved.dataset.sha256).not.toBe(made.dataset.sha256);
      expect(allOf(moved.dataset, "evaluation")).not.toEqual(allOf(made.dataset, "evaluation"));
    });
  });
