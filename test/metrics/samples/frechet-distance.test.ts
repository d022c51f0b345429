import { beforeAll, describe, expect, test } from "vitest";
import type { Engine } from "../../../src/engine/engine.js";
import { frechetDistance } from "../../../src/metrics/samples/frechet-distance.js";
import { useEngine } from "../../support/engine.js";
import { scoreOn } from "../../support/gaussian-samples.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

describe("the Fréchet distance", () => {
  test("of means is D (1 - sqrt(1/2))^2, of draws 0 but for chance", async () => {
    const { measurements, controls } = await scoreOn(engine, frechetDistance, {}, { dimensions: 3 });
    // With 600 rows a side each eigenvalue and each squared mean is off by some 0.1 and 0.003.
    expect(Math.abs(measurements["frechetDistance/means"]!.value! - 3 * (1 - Math.SQRT1_2) ** 2)).toBeLessThan(0.1);
    expect(measurements.frechetDistance!.value).toBeLessThan(0.05);
    expect(controls!.train!.frechetDistance!.value).toBeLessThan(0.05);
  });
});
