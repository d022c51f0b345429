import { beforeAll, describe, expect, test } from "vitest";
import type { Engine } from "../../../src/engine/engine.js";
import { metricContext } from "../../../src/experiments/evaluation/metric-context.js";
import { elbo } from "../../../src/metrics/likelihood/elbo.js";
import { build } from "../../support/components.js";
import { useEngine } from "../../support/engine.js";
import { trainedOn, unitGaussianModel } from "../../support/unit-gaussian-model.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

// 250 rows: three blocks, the last one short.
const rows = Array.from({ length: 250 }, (_, i) => [i / 100 - 1.25]);
const evaluate = (slope: number, variance: number | null) =>
  build(elbo, { type: "elbo", samples: 400 }, {}).evaluate(
    metricContext(trainedOn(engine, unitGaussianModel({ slope: [slope], variance }), rows), "test", {}),
  );

describe("elbo", () => {
  test("gives rate, distortion and squared error of every example as in closed form", async () => {
    const { figures, perExample } = await evaluate(0.5, 0.5);
    const meanSquare = rows.reduce((sum, [x]) => sum + x! * x!, 0) / rows.length;
    // q is the exact posterior, so -elbo is the mean of -log N(x; 0, 2).
    const nll = (Math.log(4 * Math.PI) + meanSquare / 2) / 2;
    const squaredError = 0.25 * meanSquare + 0.5;
    // 100,000 draws in all: standard errors below 0.003.
    expect(Math.abs(figures.elbo!.value! + nll)).toBeLessThan(0.01);
    expect(Math.abs(figures.squaredError!.value! - squaredError)).toBeLessThan(0.01);
    expect(figures.rate!.value!).toBeCloseTo((0.25 * meanSquare + 0.5 - 1 - Math.log(0.5)) / 2, 5);
    expect(figures.distortion!.value!).toBeCloseTo(-figures.elbo!.value! - figures.rate!.value!, 4);
    for (const [i, [x]] of rows.entries()) {
      expect(perExample!.rate![i]).toBeCloseTo((0.25 * x! * x! + 0.5 - 1 - Math.log(0.5)) / 2, 5);
    }
  });

  test("has no rate and no bound for a point mass, and says why", async () => {
    const { figures } = await evaluate(1, null);
    expect(figures.rate).toMatchObject({ value: null, note: expect.stringContaining("no density") });
    expect(figures.elbo!.value).toBeNull();
    expect(figures.squaredError!.value).toBe(0);
  });
});
