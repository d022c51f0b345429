/**
 * Data sets are shared between trials, and never between plugins that give one name to different data; one that breaks its contract
 * is refused.
 */
import { expect, test } from "vitest";
import { builtins } from "../../../src/builtins.js";
import type { Dataset } from "../../../src/contracts/dataset.js";
import { loadDataset } from "../../../src/experiments/training/checked-dataset.js";
import { createBuilder } from "../../../src/registry/components/build.js";
import { createCatalogue } from "../../../src/registry/components/catalogue.js";
import { loadExperimentValue } from "../../../src/registry/experiment.js";
import { defineDataset } from "../../../src/spec/define.js";

const builtin = createCatalogue(builtins);

/** A plugin's data set "two-values": every value of every example is `value`; labels alternate. */
const catalogueWith = (value: number) => {
  const fields = {
    x: { kind: "vector", shape: [2], support: "real" },
    y: { kind: "label", shape: [], support: "categorical", classes: 2 },
  } as const;
  const description = { fields, modeled: "x", sizes: { train: 8, validation: 4, test: 4 } } as const;
  const constant = defineDataset({
    schema: {
      type: "object",
      additionalProperties: false,
      required: ["type"],
      properties: { type: { const: "two-values" } },
    },
    inspect: () => description,
    create: () => ({
      ...description,
      sha256: "0".repeat(64),
      split: (name) => ({
        size: description.sizes[name],
        read: (rows) => ({
          x: new Float32Array(rows.length * 2).fill(value),
          y: Float32Array.from(rows, (row) => row % 2),
        }),
      }),
    }),
  });
  return builtin.child([constant], `plugin of ${value}`);
};

const load = async (catalogue: typeof builtin, data: object): Promise<Dataset> => {
  const written = {
    name: "a",
    data,
    model: { latent: 2, encoder: "mlp", likelihood: "gaussian" },
    training: { batchSize: 4 },
  };
  const { spec, folder } = await loadExperimentValue(written, { catalogue });
  return loadDataset(spec, createBuilder(catalogue), { folder });
};
const firstValue = (dataset: Dataset): number => dataset.split("train", "training").read([0]).x![0]!;

test.each([
  ["by itself", { type: "two-values" }],
  ["inside another", { type: "few-labels", of: { type: "two-values" }, on: "y", perClass: 1 }],
])("of one name and two plugins, %s, are two data sets", async (_, data) => {
  const [three, five] = [catalogueWith(3), catalogueWith(5)];
  const first = await load(three, data);
  expect(firstValue(first)).toBe(3);
  expect(firstValue(await load(five, data))).toBe(5);
  expect(await load(three, data)).toBe(first);
});

type Read = Record<string, Float32Array>;
/** A plugin's data set "broken", whose label has so many classes; `change` is made to what its splits read. */
const loadBroken = (
  classes: number | undefined,
  change: (read: Read) => Read,
  observed?: (rows: ArrayLike<number>) => Read,
): Promise<Dataset> => {
  const label = { kind: "label", shape: [], support: "categorical" } as const;
  const fields = {
    x: { kind: "vector", shape: [2], support: "real" },
    y: classes === undefined ? label : { ...label, classes },
  } as const;
  const description = { fields, modeled: "x", sizes: { train: 8, validation: 4, test: 4 } } as const;
  const broken = defineDataset({
    schema: {
      type: "object",
      additionalProperties: false,
      required: ["type"],
      properties: { type: { const: "broken" } },
    },
    inspect: () => description,
    create: () => ({
      ...description,
      sha256: "0".repeat(64),
      split: (name) => ({
        size: description.sizes[name],
        read: (rows) => change({ x: new Float32Array(rows.length * 2), y: Float32Array.from(rows, (row) => row % 3) }),
        ...(observed && { observed }),
      }),
    }),
  });
  return load(builtin.child([broken], "plugin"), { type: "broken" });
};
const asIs = (read: Read): Read => read;

test.each<[string, number | undefined, (read: Read) => Read, RegExp]>([
  ["labels beyond its classes", 2, asIs, /the label "y" is 2 in row 2 of the train split, and has 2 classes/],
  ["a label of unknown classes", undefined, asIs, /the label "y" has no number of classes/],
  ["a field missing", 3, ({ x }) => ({ x: x! }), /the train split reads no field "y", which the data set declares/],
  [
    "too few values",
    3,
    ({ y }) => ({ x: y!, y: y! }),
    /reads 1 values of the field "x" for one example, and \[2\] was/,
  ],
])("with %s is refused", async (_, classes, change, message) => {
  await expect(loadBroken(classes, change)).rejects.toMatchObject({ code: "CONTRACT" });
  expect(await loadBroken(classes, change).catch(String)).toMatch(message);
});
test("may hold any code where a label is missing", async () => {
  await loadBroken(2, asIs, (rows) => ({ y: Float32Array.from(rows, (row) => Number(row % 3 < 2)) }));
});
