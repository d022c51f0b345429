/** The controls that stand beside every figure of samples: each metric must rank them as what they are demands, on real data. */
import { beforeAll, describe, expect, test } from "vitest";
import { builtins } from "../../../src/builtins.js";
import type { Metric } from "../../../src/contracts/metric.js";
import { capturedRunner } from "../../../src/engine/capture/runner.js";
import { featureExtractor } from "../../../src/experiments/evaluation/feature-extractor.js";
import { LEARNING_RATE } from "../../../src/experiments/evaluation/feature-training.js";
import { metricContext } from "../../../src/experiments/evaluation/metric-context.js";
import { assemble } from "../../../src/experiments/training/assemble.js";
import { innerAdam } from "../../../src/experiments/training/inner-optimizer.js";
import { createBuilder } from "../../../src/registry/components/build.js";
import { createCatalogue } from "../../../src/registry/components/catalogue.js";
import { loadExperimentValue } from "../../../src/registry/experiment.js";
import { useEngine } from "../../support/engine.js";

const METRICS = [
  "precision-recall",
  "density-coverage",
  "frechet-distance",
  "kernel-distance",
  "precision-recall-curve",
  "vendi-score",
  "nearest-training-distance",
  "ms-ssim",
] as const;
const catalogue = createCatalogue(builtins);

const DATA = {
  digits: { type: "digits" },
} as const;

describe.each(Object.entries(DATA))("on %s", (_, data) => {
  /** By figure, its value by control. */
  const values: Record<string, Record<string, number>> = {};
  let note = "";

  beforeAll(async () => {
    const engine = await useEngine();
    const { spec, folder } = await loadExperimentValue(
      {
        name: "controls",
        data,
        model: { latent: 2, encoder: "mlp" },
        evaluation: { metrics: METRICS.map((type) => ({ type, count: 300 })) },
      },
      { catalogue },
    );
    const builder = await createBuilder(catalogue);
    const dataset = await builder.build("dataset", spec.data, "/data", { dataset: () => ({ folder }) });
    const assembled = await assemble(spec, dataset, builder);
    const warn = (message: string) => expect.fail(message);
    const runner = capturedRunner(engine, { warn });
    const optimizer = () => innerAdam(builder, LEARNING_RATE, "/extractor/optimizer");
    const extractor = featureExtractor({ dataset, dataSeed: 0, runner, optimizer, warn });
    const trained = { ...assembled, dataset, seed: 1, parameters: assembled.initialValues, runner };
    const context = metricContext(trained, "test", { extractor, warn });
    for (const [index, fields] of spec.evaluation.metrics.entries()) {
      const metric: Metric = await builder.build("metric", fields, `/evaluation/metrics/${index}`, {});
      const { controls = {} } = await metric.evaluate(context);
      for (const [set, measured] of Object.entries(controls))
        for (const { figure, value, n } of measured) {
          expect(n).toBe(300);
          (values[figure] ??= {})[set] = value ?? Number.NaN;
        }
    }
    note = (await extractor()).description;
  }, 300_000);

  const of = (figure: string) => {
    const found = values[figure]!;
    return { ...found, oneClass: found["one-class"]! } as Record<
      "train" | "noise" | "oneClass" | "memorized" | "collapsed",
      number
    >;
  };

  test("the extractor is a good classifier, and says who it is", () => {
    expect(note).toMatch(/SHA-256 [0-9a-f]{16}$/);
    for (const [, accuracy] of note.matchAll(/([\d.]+) % right/g)) expect(Number(accuracy)).toBeGreaterThan(90);
  });

  test.each(["precision", "density"])(
    "%s: training examples pass, copied or of one class too; the other two do not",
    (figure) => {
      const { train, noise, oneClass, memorized, collapsed } = of(figure);
      expect(train).toBeGreaterThan(0.8);
      for (const accurate of [oneClass, memorized]) expect(accurate).toBeGreaterThan(0.85 * train);
      for (const wrong of [noise, collapsed]) expect(wrong).toBeLessThan(0.5 * train);
    },
  );

  test.each(["recall", "coverage", "curveRecall"])(
    "%s: nothing but the whole training set reaches the data",
    (figure) => {
      const { train, noise, oneClass, memorized, collapsed } = of(figure);
      expect(train).toBeGreaterThan(0.8);
      expect(memorized).toBeGreaterThan(0.85 * train);
      for (const narrow of [noise, oneClass, collapsed]) expect(narrow).toBeLessThan(0.5 * train);
    },
  );

  test("F1/8 of the curve: noise and collapse are wrong, one class is out of proportion", () => {
    const { train, noise, oneClass, memorized, collapsed } = of("curvePrecision");
    expect(memorized).toBeGreaterThan(0.9 * train);
    expect(oneClass).toBeLessThan(train);
    for (const wrong of [noise, collapsed]) expect(wrong).toBeLessThan(oneClass);
  });

  test.each(["frechetDistance", "kernelDistance"])("%s: from training examples up, noise the farthest", (figure) => {
    const { train, noise, oneClass, memorized, collapsed } = of(figure);
    for (const near of [train, memorized])
      for (const far of [oneClass, collapsed]) expect(far).toBeGreaterThan(5 * Math.abs(near));
    expect(noise).toBeGreaterThan(Math.max(oneClass, collapsed));
  });

  test("vendiScore: copies cost little, one class, noise and collapse much", () => {
    const { train, noise, oneClass, memorized, collapsed } = of("vendiScore");
    expect(memorized).toBeGreaterThan(0.9 * train);
    for (const narrow of [noise, oneClass, collapsed]) expect(narrow).toBeLessThan(0.8 * train);
  });

  test("the distance to the training set: 0 for what is copied from it, and more for what is not like it than for what is", () => {
    const { train, noise, oneClass, memorized, collapsed } = of("nearestTrainingRatio");
    expect([memorized, oneClass, train]).toEqual([0, 0, 1]);
    expect(collapsed).toBeGreaterThan(1.1);
    expect(noise).toBeGreaterThan(collapsed);
  });

  test("multiScaleSimilarity: one class and collapse are more alike than the data, noise, which it cannot tell from diversity, less", () => {
    const { train, noise, oneClass, memorized, collapsed } = of("multiScaleSimilarity");
    expect(Math.abs(memorized - train)).toBeLessThan(0.5 * train);
    for (const alike of [oneClass, collapsed]) expect(alike).toBeGreaterThan(train);
    expect(noise).toBeLessThan(train);
  });
});
