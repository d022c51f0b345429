import { beforeAll, describe, expect, test } from "vitest";
import type { Engine } from "../../../src/engine/engine.js";
import { metricContext } from "../../../src/experiments/evaluation/metric-context.js";
import { elbo } from "../../../src/metrics/likelihood/elbo.js";
import { useEngine } from "../../support/engine.js";
import { measure } from "../../support/measure.js";
import { twoGaussiansModel } from "../../support/two-gaussians-model.js";
import { trainedOn, unitGaussianModel } from "../../support/unit-gaussian-model.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

// 250 rows: three blocks, the last one short.
const rows = Array.from({ length: 250 }, (_, i) => [i / 100 - 1.25]);
const evaluate = (slope: number, variance: number | null) =>
  measure(
    elbo,
    { type: "elbo", samples: 400 },
    metricContext(trainedOn(engine, unitGaussianModel({ slope: [slope], variance }), rows), "test", {}),
  );

describe("elbo", () => {
  test("gives rate, distortion and squared error of every example as in closed form", async () => {
    const { measurements, perExample } = await evaluate(0.5, 0.5);
    const meanSquare = rows.reduce((sum, [x]) => sum + x! * x!, 0) / rows.length;
    // q is the exact posterior, so -elbo is the mean of -log N(x; 0, 2).
    const nll = (Math.log(4 * Math.PI) + meanSquare / 2) / 2;
    const squaredError = 0.25 * meanSquare + 0.5;
    // 100,000 draws in all: standard errors below 0.003.
    expect(Math.abs(measurements.elbo!.value! + nll)).toBeLessThan(0.01);
    expect(Math.abs(measurements.squaredError!.value! - squaredError)).toBeLessThan(0.01);
    expect(measurements.rate!.value!).toBeCloseTo((0.25 * meanSquare + 0.5 - 1 - Math.log(0.5)) / 2, 5);
    expect(measurements.distortion!.value!).toBeCloseTo(-measurements.elbo!.value! - measurements.rate!.value!, 4);
    for (const [i, [x]] of rows.entries()) {
      expect(perExample.rate![i]).toBeCloseTo((0.25 * x! * x! + 0.5 - 1 - Math.log(0.5)) / 2, 5);
    }
  });

  test("gives the KL of each of several latents, which sum to the rate", async () => {
    const two = twoGaussiansModel({ slope: [0.5], variance: 0.5 }, { slope: [0, 0], variance: 0.2 });
    const wide = rows.map(([x]) => [x!, 1, -1]);
    const context = metricContext(trainedOn(engine, two, wide), "test", {});
    const { measurements, perExample } = await measure(elbo, { type: "elbo", samples: 5 }, context);
    for (const [i, [x]] of rows.entries()) {
      expect(perExample["latentRate.first"]![i]).toBeCloseTo((0.25 * x! * x! + 0.5 - 1 - Math.log(0.5)) / 2, 5);
      expect(perExample["latentRate.second"]![i]).toBeCloseTo(0.2 - 1 - Math.log(0.2), 5);
    }
    expect(measurements["latentRate.first"]).toMatchObject({ figure: "latentRate", latent: "first", unit: "nats" });
    const parts = measurements["latentRate.first"]!.value! + measurements["latentRate.second"]!.value!;
    expect(measurements.rate!.value).toBeCloseTo(parts, 5);
  });

  test("has no rate and no bound for a point mass, and says why", async () => {
    const { measurements } = await evaluate(1, null);
    expect(measurements.rate).toMatchObject({ value: null, note: expect.stringContaining("no density") });
    expect(measurements.elbo!.value).toBeNull();
    expect(measurements.squaredError!.value).toBe(0);
  });

  test("leaves out the values that are missing, whatever stands in their place", async () => {
    const seen = Array.from({ length: 120 }, (_, i) => [i / 60 - 1, (i % 7) - 3, 0.5]);
    const mask = seen.map((_, i) => [1, i % 2, i % 3 === 0 ? 0 : 1]);
    const context = (fill: number) => {
      const rows = seen.map((row, i) => row.map((x, j) => (mask[i]![j] === 1 ? x : fill)));
      const model = unitGaussianModel({ slope: [0, 0, 0], variance: null });
      return metricContext(trainedOn(engine, model, rows, mask), "test", {});
    };
    // The code is 0, so a value that is there costs its square, and half of that and ln(2 pi) / 2 nats.
    const squares = seen.map((row, i) => row.reduce((sum, x, j) => sum + mask[i]![j]! * x * x, 0));
    const counts = mask.map((row) => row.reduce((sum, there) => sum + there, 0));
    for (const fill of [0, 40]) {
      const { perExample } = await measure(elbo, { type: "elbo", samples: 2 }, context(fill));
      for (const [i, square] of squares.entries()) {
        expect(perExample.squaredError![i]).toBeCloseTo(square, 4);
        expect(perExample.distortion![i]).toBeCloseTo((square + counts[i]! * Math.log(2 * Math.PI)) / 2, 4);
      }
    }
  });
});
