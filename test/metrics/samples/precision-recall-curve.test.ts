import { beforeAll, describe, expect, test } from "vitest";
import type { Engine } from "../../../src/engine/engine.js";
import { precisionRecallCurve } from "../../../src/metrics/samples/precision-recall-curve.js";
import { useEngine } from "../../support/engine.js";
import { scoreOn } from "../../support/gaussian-samples.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

describe("the precision-recall curve", () => {
  test("of draws from the data's own density is near 1 at both ends, of means lower in recall", async () => {
    const { measurements } = await scoreOn(engine, precisionRecallCurve, { runs: 3 }, { dimensions: 3 });
    for (const name of ["curveRecall", "curvePrecision"]) {
      expect(measurements[name]).toMatchObject({ n: 600, k: 20 });
      expect(measurements[name]!.value).toBeGreaterThan(0.93);
    }
    expect(measurements["curveRecall/means"]!.value).toBeLessThan(measurements.curveRecall!.value! - 0.03);
  });
});
