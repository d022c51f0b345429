import { beforeAll, describe, expect, test } from "vitest";
import type { Engine } from "../../../src/engine/engine.js";
import { conditionalAccuracy } from "../../../src/metrics/tasks/conditional-accuracy.js";
import { useEngine } from "../../support/engine.js";
import { scoreOn } from "../../support/gaussian-samples.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

describe("the accuracy of what was asked for", () => {
  // Two dimensions at +-4 with variance 2: a reader is wrong with probability 1 - Phi(4), 0.00003.
  test("is 1 of a model that heeds its label, class by class and of real examples too", async () => {
    const world = { dimensions: 2, shift: 4 };
    const { measurements, controls } = await scoreOn(engine, conditionalAccuracy, {}, world);
    for (const name of ["conditionalAccuracy", "conditionalAccuracy-0", "conditionalAccuracy-1"])
      for (const figure of [measurements[name]!, measurements[`${name}/means`]!, controls!.train![name]!])
        expect(figure.value).toBeGreaterThan(0.99);
    expect(measurements.conditionalAccuracy!.n).toBe(600);
    const asked = [0, 1].map((c) => measurements[`conditionalAccuracy-${c}`]!.n);
    expect(asked[0]! + asked[1]!).toBe(600);
    // By chance alone a fair coin gives 300 +- 12.
    expect(Math.abs(asked[0]! - 300)).toBeLessThan(60);
  });

  test("is that of a coin for a model that does not, and null for one that is not asked", async () => {
    const deaf = await scoreOn(engine, conditionalAccuracy, {}, { dimensions: 2, shift: 4, deaf: true });
    expect(Math.abs(deaf.measurements.conditionalAccuracy!.value! - 0.5)).toBeLessThan(0.1);
    const unasked = await scoreOn(engine, conditionalAccuracy, {}, { dimensions: 2 });
    expect(unasked.measurements.conditionalAccuracy).toMatchObject({
      value: null,
      note: expect.stringContaining("not condition"),
    });
  });

  test("reads no class into training examples whose label is missing", async () => {
    const { controls } = await scoreOn(engine, conditionalAccuracy, {}, { dimensions: 2, shift: 4, labeledEvery: 5 });
    const { train, "one-class": oneClass } = controls!;
    // A fifth of 600; masked labels read as 0, of which one half would be wrong.
    expect(train!.conditionalAccuracy!.n).toBeGreaterThan(60);
    expect(train!.conditionalAccuracy!.n).toBeLessThan(180);
    expect(train!.conditionalAccuracy!.value).toBeGreaterThan(0.99);
    expect(oneClass!.conditionalAccuracy).toMatchObject({ n: 600, note: expect.stringMatching(/9\d\.\d|100\.0/) });
    expect(oneClass!.conditionalAccuracy!.value).toBeGreaterThan(0.99);
    expect([0, 600]).toContain(oneClass!["conditionalAccuracy-0"]!.n);
  });
});
