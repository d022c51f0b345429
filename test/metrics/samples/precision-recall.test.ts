import { beforeAll, describe, expect, test } from "vitest";
import type { Engine } from "../../../src/engine/engine.js";
import { precisionRecall } from "../../../src/metrics/samples/precision-recall.js";
import { useEngine } from "../../support/engine.js";
import { scoreOn } from "../../support/gaussian-samples.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

describe("precision and recall", () => {
  test("of draws from the data's own density are those of training examples; of its means, recall alone is lost", async () => {
    const { measurements, controls } = await scoreOn(engine, precisionRecall, {}, { dimensions: 3 });
    for (const name of ["precision", "recall"]) {
      expect(measurements[name]).toMatchObject({ n: 600, k: 3, unit: "fraction" });
      // A standard error of a share of 600 is at most 0.02.
      expect(Math.abs(measurements[name]!.value! - controls!.train![name]!.value!)).toBeLessThan(0.06);
    }
    expect(measurements["precision/means"]!.value).toBeGreaterThan(measurements.precision!.value!);
    expect(measurements["recall/means"]!.value).toBeLessThan(measurements.recall!.value! - 0.1);
    expect(measurements.recall!.note).toMatch(/standardized values, SHA-256/);
  });

  test("of prior samples are null where the posterior is a point mass, and say why", async () => {
    const { measurements, controls } = await scoreOn(engine, precisionRecall, {}, { dimensions: 2, pointMass: true });
    expect(measurements.precision).toMatchObject({ value: null, note: expect.stringContaining("point mass") });
    expect(controls!.train!.precision!.value).toBeGreaterThan(0.8);
  });

  test("are scored where a regularizer made the codes of a point mass follow the prior", async () => {
    const world = { dimensions: 2, pointMass: true, matchesPrior: true };
    const { measurements } = await scoreOn(engine, precisionRecall, {}, world);
    expect(measurements.precision!.value).toBeGreaterThan(0.8);
  });
});
