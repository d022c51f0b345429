import { beforeAll, describe, expect, test } from "vitest";
import type { Engine } from "../../../src/engine/engine.js";
import { nearestTrainingDistance } from "../../../src/metrics/samples/nearest-training-distance.js";
import { useEngine } from "../../support/engine.js";
import { scoreOn } from "../../support/gaussian-samples.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

describe("the distance to the nearest training example", () => {
  test("is 0 for copies, and for draws from the data's own density that of held-out examples", async () => {
    const { measurements, controls } = await scoreOn(engine, nearestTrainingDistance, {}, { dimensions: 3 });
    expect(controls!.memorized!.nearestTrainingDistance!.value).toBe(0);
    expect(controls!.train!.nearestTrainingRatio!.value).toBe(1);
    const { value, standardError } = measurements.nearestTrainingDistance!;
    const heldOut = controls!.train!.nearestTrainingDistance!;
    const error = Math.hypot(standardError!, heldOut.standardError!);
    expect(Math.abs(value! - heldOut.value!)).toBeLessThan(4 * error);
    expect(measurements.nearestTrainingRatio!.value).toBeCloseTo(value! / heldOut.value!, 12);
  });
});
