import { beforeAll, describe, expect, test } from "vitest";
import type { Engine } from "../../../src/engine/engine.js";
import { vendiScore } from "../../../src/metrics/samples/vendi-score.js";
import { useEngine } from "../../support/engine.js";
import { scoreOn } from "../../support/gaussian-samples.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

describe("the Vendi score", () => {
  test.each([2, 5])("of rows that point everywhere alike is the number of dimensions: %i", async (dimensions) => {
    const { measurements } = await scoreOn(engine, vendiScore, {}, { dimensions });
    for (const name of ["vendiScore", "vendiScore/means"]) {
      expect(measurements[name]!.value).toBeLessThanOrEqual(dimensions);
      expect(measurements[name]!.value).toBeGreaterThan(dimensions - 0.1);
    }
  });
});
