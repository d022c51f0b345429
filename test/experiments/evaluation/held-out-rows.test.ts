/** Rows of the training split that stand for data in comparisons are none that the feature extractor learned from. */

import { beforeAll, describe, expect, test } from "vitest";
import type { Dataset } from "../../../src/contracts/dataset.js";
import type { Model } from "../../../src/contracts/model.js";
import { capturedRunner } from "../../../src/engine/capture/runner.js";
import { featureExtractor } from "../../../src/experiments/evaluation/feature-extractor.js";
import { LEARNING_RATE } from "../../../src/experiments/evaluation/feature-training.js";
import { trainingRows } from "../../../src/experiments/evaluation/held-out-rows.js";
import { metricContext } from "../../../src/experiments/evaluation/metric-context.js";
import { adam } from "../../../src/optimizers/adam.js";
import { ParameterStore } from "../../../src/tensor/parameters.js";
import { build } from "../../support/components.js";
import { useEngine } from "../../support/engine.js";
import { named } from "../../support/schedules.js";
import { unitGaussianModel } from "../../support/unit-gaussian-model.js";

const SIZES = { train: 60, validation: 20, test: 10 } as const;
const rowsBelow = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const sorted = (values: Iterable<number>): number[] => [...values].sort((a, b) => a - b);

describe("the training split in two", () => {
  const halvesOf = (train: number, held: number) =>
    trainingRows({ sizes: { ...SIZES, train, test: held } } as unknown as Dataset, 3);
  test.each([
    ["as many rows as the test split has", 60, 10, 10],
    ["half of them at most", 61, 1000, 30],
  ])("holds out %s", (_, train, held, expected) => {
    const { learned, apart } = halvesOf(train, held);
    expect(apart).toHaveLength(expected);
    expect(sorted([...learned, ...apart])).toEqual(rowsBelow(train));
  });
});

describe("controls beside the extractor", () => {
  /** Training rows read while the extractor was made. */
  let learned: Set<number>;
  let context: ReturnType<typeof metricContext>;
  const drawn = async (name: string): Promise<number[]> => {
    const set = context.sampling.controls.find(({ source }) => source === name)!;
    const rows = await set.draw(SIZES.test);
    if (typeof rows === "string") return expect.unreachable(rows);
    return [...rows.values];
  };

  beforeAll(async () => {
    const engine = await useEngine();
    const read: number[] = [];
    // Each example is its own number, so that a row drawn later says which it is.
    const dataset: Dataset = {
      fields: {
        x: { kind: "vector", shape: [1], support: "real" },
        label: { kind: "label", shape: [], support: "categorical", classes: 2 },
      },
      modeled: "x",
      sizes: SIZES,
      sha256: "rows by their numbers",
      split: (name) => ({
        size: SIZES[name],
        read: (rows) => {
          if (name === "train") read.push(...Array.from(rows));
          return { x: Float32Array.from(rows), label: Float32Array.from(rows, (row) => row % 2) };
        },
      }),
    };
    const model: Model = { ...unitGaussianModel({ slope: [0.5], variance: 0.5 }), fields: dataset.fields };
    const runner = capturedRunner(engine);
    const warn = (message: string) => expect.unreachable(message);
    const optimizer = async () => build(adam, { learningRate: named("learning rate", LEARNING_RATE) }, {});
    const extractor = featureExtractor({ dataset, dataSeed: 0, runner, optimizer, warn });
    const trained = { model, store: new ParameterStore(), dataset, seed: 1, parameters: {}, runner };
    context = metricContext(trained, "test", { extractor, warn });
    await context.extractor();
    learned = new Set(read);
  });

  test("it learned from all rows but as many as are scored", () => {
    expect(learned.size).toBe(SIZES.train - SIZES.test);
  });
  test("train: each of the others once", async () => {
    const rows = await drawn("train");
    expect(sorted([...learned, ...rows])).toEqual(rowsBelow(SIZES.train));
  });
  test("memorized: some of the others, again and again", async () => {
    const rows = await drawn("memorized");
    expect(rows.filter((row) => learned.has(row))).toEqual([]);
    expect(new Set(rows).size).toBeLessThan(rows.length);
  });
  test("one-class: those of the others that have the commonest label", async () => {
    const rows = await drawn("one-class");
    expect(rows.filter((row) => learned.has(row))).toEqual([]);
    const others = rowsBelow(SIZES.train).filter((row) => !learned.has(row));
    const odd = others.filter((row) => row % 2 === 1).length;
    expect(new Set(rows.map((row) => row % 2))).toEqual(new Set([odd > others.length - odd ? 1 : 0]));
  });
  test("collapsed: their values, column by column in another order", async () => {
    const [train, collapsed] = [await drawn("train"), await drawn("collapsed")];
    expect(sorted(collapsed)).toEqual(sorted(train));
    expect(collapsed).not.toEqual(train);
  });
  test("noise: uniform over the range of their values", async () => {
    const [train, noise] = [await drawn("train"), await drawn("noise")];
    for (const value of noise) {
      expect(value).toBeGreaterThanOrEqual(Math.min(...train));
      expect(value).toBeLessThanOrEqual(Math.max(...train));
    }
    expect(noise.some((value) => !Number.isInteger(value))).toBe(true);
  });
});
