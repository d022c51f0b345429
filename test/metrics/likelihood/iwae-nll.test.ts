import { beforeAll, describe, expect, test } from "vitest";
import type { Engine } from "../../../src/engine/engine.js";
import { metricContext } from "../../../src/experiments/evaluation/metric-context.js";
import { iwaeNll } from "../../../src/metrics/likelihood/iwae-nll.js";
import { useEngine } from "../../support/engine.js";
import { measure } from "../../support/measure.js";
import { trainedOn, unitGaussianModel } from "../../support/unit-gaussian-model.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

const rows = Array.from({ length: 120 }, (_, i) => [(i - 60) / 30]);
const exact = rows.map(([x]) => (Math.log(4 * Math.PI) + (x! * x!) / 2) / 2);
const exactMean = exact.reduce((sum, value) => sum + value, 0) / exact.length;

const evaluate = async (inference: { slope: number; variance: number | null }, samples: number) => {
  const model = unitGaussianModel({ slope: [inference.slope], variance: inference.variance });
  return measure(iwaeNll, { samples }, metricContext(trainedOn(engine, model, rows), "test", {}));
};

describe("iwae-nll", () => {
  test.each([1, 7, 50, 120])(
    "with the exact posterior every weight is p(x): %i draws are as good as any",
    async (samples) => {
      const { measurements, perExample } = await evaluate({ slope: 0.5, variance: 0.5 }, samples);
      for (const [i, value] of exact.entries()) expect(perExample!.nllTrainingEncoder![i]).toBeCloseTo(value, 4);
      expect(measurements.effectiveSampleSizeTrainingEncoder!.value).toBeCloseTo(samples, 2);
    },
  );

  test("with a poor proposal it comes down to the truth as draws grow, and never below it by more than chance", async () => {
    const at = async (samples: number) =>
      (await evaluate({ slope: 0, variance: 1 }, samples)).measurements.nllTrainingEncoder!.value!;
    const [one, ten, thousand] = [await at(1), await at(10), await at(1000)];
    // One draw from the prior: -E log p(x | z) = (ln 2 pi + x^2 + 1) / 2.
    const single = rows.reduce((sum, [x]) => sum + (Math.log(2 * Math.PI) + x! * x! + 1) / 2, 0) / rows.length;
    expect(Math.abs(one - single)).toBeLessThan(0.35);
    expect(ten).toBeLessThan(one);
    expect(Math.abs(thousand - exactMean)).toBeLessThan(0.02);
  });

  test("counts of draws that are no multiple of a chunk are kept to", async () => {
    const { measurements } = await evaluate({ slope: 0.5, variance: 0.5 }, 51);
    expect(measurements.effectiveSampleSizeTrainingEncoder).toMatchObject({ k: 51 });
    expect(measurements.effectiveSampleSizeTrainingEncoder!.value).toBeCloseTo(51, 2);
  });

  test("has none for a point mass", async () => {
    const none = await evaluate({ slope: 1, variance: null }, 10);
    expect(none.measurements.nll).toMatchObject({ value: null, note: expect.stringContaining("no density") });
  });

  // With the exact posterior all weights are equal: the effective sample size is the number of draws.
  test.each([
    [5, true],
    [9, true],
    [11, false],
  ])("from %i effective draws it is marked as an upper bound: %s", async (samples, marked) => {
    const { measurements } = await evaluate({ slope: 0.5, variance: 0.5 }, samples);
    // Without a refit both are of the training encoder, whose draws are no more to be trusted under either name.
    for (const name of ["nllTrainingEncoder", "nll"]) {
      expect(measurements[name]).toMatchObject({ encoder: "training", value: expect.any(Number) });
      expect(measurements[name]!.bound === "upper").toBe(marked);
    }
  });
});
