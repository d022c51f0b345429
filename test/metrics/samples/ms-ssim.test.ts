import { beforeAll, describe, expect, test } from "vitest";
import type { Engine } from "../../../src/engine/engine.js";
import { msSsim } from "../../../src/metrics/samples/ms-ssim.js";
import { useEngine } from "../../support/engine.js";
import { scoreOn } from "../../support/gaussian-samples.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

describe("multi-scale similarity between samples", () => {
  test("does not exist where the data are not images, and says so", async () => {
    const { measurements, controls } = await scoreOn(engine, msSsim, {}, { dimensions: 3 });
    expect(measurements.multiScaleSimilarity).toMatchObject({ value: null, note: "the data are not images", n: 600 });
    expect(controls).toBeUndefined();
  });
});
