import { beforeAll, describe, expect, test } from "vitest";
import type { Engine } from "../../../src/engine/engine.js";
import { densityCoverage } from "../../../src/metrics/samples/density-coverage.js";
import { useEngine } from "../../support/engine.js";
import { scoreOn } from "../../support/gaussian-samples.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

describe("density and coverage", () => {
  test.each([2, 5])("of draws from the data's own density are 1 and 1 - 2^-k, at k %i", async (k) => {
    const { measurements } = await scoreOn(engine, densityCoverage, { k }, { dimensions: 3 });
    expect(measurements.density).toMatchObject({ n: 600, k });
    expect(Math.abs(measurements.density!.value! - 1)).toBeLessThan(0.15);
    expect(Math.abs(measurements.coverage!.value! - (1 - 2 ** -k))).toBeLessThan(0.06);
  });

  test("reward means for what they smooth away, and count what they no longer cover", async () => {
    const { measurements } = await scoreOn(engine, densityCoverage, {}, { dimensions: 3 });
    expect(measurements["density/means"]!.value).toBeGreaterThan(measurements.density!.value! + 0.03);
    expect(measurements["coverage/means"]!.value).toBeLessThan(measurements.coverage!.value!);
  });
});
