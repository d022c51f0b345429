/** Validation figures of a label that some examples lack: means over the labeled examples of the split, however they fall into blocks. */

import { beforeAll, describe, expect, test } from "vitest";
import type { DatasetDescription, SplitName } from "../../src/contracts/index.js";
import { eagerRunner } from "../../src/engine/eager.js";
import type { Engine } from "../../src/engine/engine.js";
import { batchInputs, rowsFrom } from "../../src/experiments/training/batches.js";
import { validator } from "../../src/experiments/training/validation.js";
import { batchOf } from "../../src/inference/step.js";
import { defineDataset } from "../../src/spec/define.js";
import { loadWritten, setUp } from "../../src/testing/experiment.js";
import { CLASSES as K } from "../../src/testing/tiny-data.js";
import { computed } from "../contracts/support/programs.js";
import { calling } from "../support/calls.js";
import { useEngine } from "../support/engine.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

/** Validation takes blocks of 100: one of them full, one of 40, one label here and five there, or none at all. */
const SIZES = { train: 12, validation: 140, test: 6 };
const KNOWN = { some: [7, 100, 101, 112, 120, 139], none: [] as number[] };
const DESCRIPTION: DatasetDescription = {
  fields: {
    x: { kind: "vector", shape: [2], support: "binary" },
    label: { kind: "label", shape: [], support: "categorical", classes: K },
  },
  modeled: "x",
  sizes: SIZES,
  partial: ["label"],
};
const sparse = defineDataset({
  schema: {
    type: "object",
    title: "few labels, unevenly",
    required: ["type"],
    additionalProperties: false,
    properties: { type: { const: "sparse" }, known: { enum: ["some", "none"], default: "some" } },
  },
  inspect: () => DESCRIPTION,
  create: ({ known }) => ({
    ...DESCRIPTION,
    sha256: "0",
    split: (name: SplitName) => ({
      size: SIZES[name],
      read: (rows: ArrayLike<number>) => ({
        x: Float32Array.from(Array.from(rows).flatMap((row) => [row % 2, Number(row % 3 === 0)])),
        label: Float32Array.from(rows, (row) => (row * 7) % K),
      }),
      observed: (rows: ArrayLike<number>) => ({
        label: Float32Array.from(rows, (row) => Number(name === "train" || KNOWN[known].includes(row))),
      }),
    }),
  }),
});

const WEIGHT = 3;
const SPECS = {
  "the head": { heads: [{ type: "classifier", weight: WEIGHT }] },
  "an observed latent": {
    latents: { label: { observed: "label", alpha: WEIGHT }, z: { size: 3, inferredFrom: ["data", "label"] } },
  },
};

const validated = async (model: object, known: keyof typeof KNOWN) => {
  const set = await setUp(await loadWritten({ data: { type: "sparse", known }, model }, [sparse]));
  const { assembled, dataset } = set;
  const validation = validator(assembled, dataset, eagerRunner(engine.noise), 1);
  const terms = validation.validate(assembled.initialValues);
  validation.dispose();
  return { set, value: (name: string) => terms.find(({ term }) => term === name)?.data[0] };
};

describe.each(Object.entries(SPECS))("of %s", (_, model) => {
  test("cross-entropy and accuracy are means over the labeled examples of the split", async () => {
    const { set, value } = await validated(model, "some");
    const { model: built, store, initialValues } = set.assembled;
    const split = set.dataset.split("validation", "evaluation");
    const inputs = batchInputs(set.dataset, split, rowsFrom(0, SIZES.validation));
    const { predicted } = computed(engine, store, initialValues, inputs, (fed, noise) => {
      const inferred = built.infer(batchOf(fed), { ...calling(noise.fork("infer"), false), samples: 1 });
      return { predicted: built.predict!(inferred, calling(noise.fork("predict"), false)).label! };
    });
    const rows = KNOWN.some.map((row) => Array.from(predicted!.data.subarray(row * K, (row + 1) * K)));
    const entropies = rows.map((logP, i) => -logP[(KNOWN.some[i]! * 7) % K]!);
    const right = rows.map((logP, i) => Number(logP.indexOf(Math.max(...logP)) === (KNOWN.some[i]! * 7) % K));
    const mean = (values: readonly number[]): number => values.reduce((sum, each) => sum + each, 0) / values.length;
    expect(new Set(right).size).toBe(2);
    expect(value("crossEntropy")).toBeCloseTo(mean(entropies), 5);
    expect(value("accuracy")).toBeCloseTo(mean(right), 6);
    expect(value("loss")).toBeCloseTo(value("distortion")! + value("rate")! + WEIGHT * mean(entropies), 4);
  });

  test("a split without labels has neither, and its loss is that of the objective", async () => {
    const { value } = await validated(model, "none");
    expect(value("crossEntropy")).toBeUndefined();
    expect(value("accuracy")).toBeUndefined();
    expect(value("loss")).toBeCloseTo(value("distortion")! + value("rate")!, 5);
  });
});
