import { beforeAll, describe, expect, test } from "vitest";
import type { Engine } from "../../../src/engine/engine.js";
import { kernelDistance } from "../../../src/metrics/samples/kernel-distance.js";
import { useEngine } from "../../support/engine.js";
import { scoreOn } from "../../support/gaussian-samples.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

describe("the kernel distance", () => {
  test("of means is 3 (1 - 1/2)^2 / D, of draws 0 but for chance", async () => {
    const { measurements } = await scoreOn(engine, kernelDistance, {}, { dimensions: 3 });
    expect(Math.abs(measurements["kernelDistance/means"]!.value! - 0.25)).toBeLessThan(0.15);
    expect(Math.abs(measurements.kernelDistance!.value!)).toBeLessThan(0.1);
  });

  test("over subsets has an error, over all of the rows none", async () => {
    const whole = await scoreOn(engine, kernelDistance, {}, { dimensions: 3 });
    const subsets = await scoreOn(engine, kernelDistance, { subsets: 20, subsetSize: 100 }, { dimensions: 3 });
    expect(whole.measurements.kernelDistance!.standardError).toBeUndefined();
    const { value, standardError } = subsets.measurements.kernelDistance!;
    expect(Math.abs(value! - whole.measurements.kernelDistance!.value!)).toBeLessThan(4 * standardError!);
  });
});
