/** Data sets are shared between trials, and never between plugins that give one name to different data. */
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
