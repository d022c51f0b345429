import { beforeAll, describe, expect, test } from "vitest";
import type { Engine } from "../../../src/engine/engine.js";
import { metricContext } from "../../../src/experiments/evaluation/metric-context.js";
import { activeUnits } from "../../../src/metrics/latent/active-units.js";
import { useEngine } from "../../support/engine.js";
import { measure } from "../../support/measure.js";
import { trainedOn, unitGaussianModel } from "../../support/unit-gaussian-model.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

describe("active units", () => {
  // Every column is +-1 with mean 10 and variance 1 exactly, so the codes' variances are the squared slopes.
  const rows = Array.from({ length: 240 }, (_, i) => Array.from({ length: 4 }, () => 10 + (i % 2 === 0 ? 1 : -1)));
  const slope = [1, Math.sqrt(0.0105), Math.sqrt(0.0095), 0];

  test.each([
    [0.01, 2],
    [0.005, 3],
    [1.01, 0],
  ])("above %f are %i of variances 1, 0.0105, 0.0095, 0, whatever their means", async (threshold, expected) => {
    const trained = trainedOn(engine, unitGaussianModel({ slope, variance: 0.5 }), rows);
    const { measurements } = await measure(activeUnits, { threshold }, metricContext(trained, "test", {}));
    expect(measurements.activeUnits).toMatchObject({ value: expected, n: 240 });
  });
});
