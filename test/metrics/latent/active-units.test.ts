import { beforeAll, describe, expect, test } from "vitest";
import type { Distribution } from "../../../src/contracts/distribution.js";
import type { Model } from "../../../src/contracts/model.js";
import type { Engine } from "../../../src/engine/engine.js";
import { metricContext } from "../../../src/experiments/evaluation/metric-context.js";
import { inferredFrom, siteOf } from "../../../src/inference/site.js";
import { activeUnits } from "../../../src/metrics/latent/active-units.js";
import { useEngine } from "../../support/engine.js";
import { measure } from "../../support/measure.js";
import { twoGaussiansModel } from "../../support/two-gaussians-model.js";
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

  test("are counted for each of several latents too", async () => {
    const two = twoGaussiansModel({ slope: [1, 0], variance: 0.5 }, { slope: [0.5, 0.3], variance: 0.5 });
    const { measurements } = await measure(activeUnits, {}, metricContext(trainedOn(engine, two, rows), "test", {}));
    const found = Object.entries(measurements).map(([name, { value, latent }]) => [name, value, latent]);
    expect(found).toEqual([
      ["activeUnits", 3, undefined],
      ["activeUnits.first", 1, "first"],
      ["activeUnits.second", 2, "second"],
    ]);
  });

  test("of a posterior without a mean in closed form leave out the noise of its draws", async () => {
    const model = unitGaussianModel({ slope: [1, 0.3, 0, 0], variance: 0.5 });
    const meanless: Model = {
      ...model,
      infer: (batch, context) => {
        const inferred = model.infer(batch, context);
        const { z } = inferred.sites;
        const q: Distribution = Object.create(z!.q, { mean: { value: undefined } });
        return { ...inferred, sites: { z: { ...z!, q } } };
      },
    };
    const trained = trainedOn(engine, meanless, rows);
    const { measurements } = await measure(activeUnits, { threshold: 0.03 }, metricContext(trained, "test", {}));
    // The variance of means of 8 draws would be 0.06 more in all four dimensions.
    expect(measurements.activeUnits).toMatchObject({ value: 2, note: expect.stringContaining("two estimates") });
  });

  test("are not counted on a sphere, where coordinates depend on each other", async () => {
    const model = { ...unitGaussianModel({ slope, variance: 0.5 }), supports: { z: "sphere" } as const };
    const { measurements } = await measure(activeUnits, {}, metricContext(trainedOn(engine, model, rows), "test", {}));
    expect(measurements.activeUnits).toMatchObject({
      value: null,
      note: "on a sphere, where coordinates are not separate units",
    });
  });

  test("are those of the other latents where one lies on a sphere", async () => {
    const plain = unitGaussianModel({ slope, variance: 0.5 });
    const model: Model = {
      ...plain,
      latents: { z: [4], s: [4] },
      supports: { s: "sphere" },
      infer: (batch, context) => {
        const z = siteOf(plain.infer(batch, context), "z");
        return inferredFrom([z, { ...z, name: "s", support: "sphere" }], context.samples);
      },
    };
    const { measurements } = await measure(activeUnits, {}, metricContext(trainedOn(engine, model, rows), "test", {}));
    expect(measurements.activeUnits).toMatchObject({
      value: 2,
      note: 'of 4; variance above 0.01; without "s", on a sphere, where coordinates are not separate units',
    });
    expect(measurements["activeUnits.z"]?.value).toBe(2);
    expect(measurements["activeUnits.s"]?.value).toBeNull();
  });
});
