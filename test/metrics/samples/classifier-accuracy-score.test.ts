import { beforeAll, describe, expect, test } from "vitest";
import type { Engine } from "../../../src/engine/engine.js";
import { classifierAccuracyScore } from "../../../src/metrics/samples/classifier-accuracy-score.js";
import { useEngine } from "../../support/engine.js";
import { scoreOn } from "../../support/gaussian-samples.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

describe("the classifier accuracy score", () => {
  test("is the best classifier's for a model that heeds its label: Phi(shift sqrt(D) / sqrt 2)", async () => {
    const { measurements, controls } = await scoreOn(engine, classifierAccuracyScore, {}, { dimensions: 1, shift: 1 });
    // Phi(1 / sqrt 2) = 0.7602; a standard error at 600 is 0.017.
    for (const { value, standardError } of [
      measurements.classifierAccuracyScore!,
      controls!.train!.classifierAccuracyScore!,
    ]) {
      expect(Math.abs(value! - 0.7602)).toBeLessThan(0.06);
      expect(standardError).toBeCloseTo(0.0174, 2);
    }
  });

  test("is that of a coin for a model that does not, and null for one that is not asked", async () => {
    const world = { dimensions: 1, shift: 4, deaf: true };
    const deaf = await scoreOn(engine, classifierAccuracyScore, {}, world);
    // Labels are drawn apart from what they stand beside: which way the fit errs is chance.
    expect(deaf.controls!.train!.classifierAccuracyScore!.value).toBeGreaterThan(0.98);
    expect(deaf.measurements.classifierAccuracyScore!.value).toBeLessThan(0.98);
    const unasked = await scoreOn(engine, classifierAccuracyScore, {}, { dimensions: 2 });
    expect(unasked.measurements.classifierAccuracyScore!.value).toBeNull();
  });

  test("learns from no training example whose label is missing", async () => {
    const world = { dimensions: 2, shift: 4, labeledEvery: 5 };
    const { controls } = await scoreOn(engine, classifierAccuracyScore, {}, world);
    expect(controls!.train!.classifierAccuracyScore!.value).toBeGreaterThan(0.99);
  });
});
