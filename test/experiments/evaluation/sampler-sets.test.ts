import { beforeAll, describe, expect, test } from "vitest";
import type { Engine } from "../../../src/engine/engine.js";
import { learnByClass } from "../../../src/experiments/evaluation/sampler-classes.js";
import { conditionalAccuracy } from "../../../src/metrics/tasks/conditional-accuracy.js";
import { pointsOf, rowOf } from "../../../src/numerics/points.js";
import { momentsOf } from "../../../src/numerics/principal-components.js";
import { normal, stream } from "../../../src/numerics/streams.js";
import { gaussianMixture } from "../../../src/samplers/gaussian-mixture.js";
import { build } from "../../support/components.js";
import { useEngine } from "../../support/engine.js";
import { scoreOn } from "../../support/gaussian-samples.js";

const one = build(gaussianMixture, { components: 1 }, {});
const streamOf = (name: string) => stream(1, `test${name}`);
/** The mixture runs no program. */
const means = { streamOf, toolsOf: () => ({}) as never };

describe("a sampler that learns class by class", () => {
  const uniform = stream(3, "test/codes");
  const labels = Array.from({ length: 3000 }, (_, i) => i % 3);
  // N(10 c, (c + 1)^2) for the class c.
  const codes = pointsOf(
    Float32Array.from(labels, (c) => 10 * c + (c + 1) * normal(uniform)),
    1,
  );

  test("draws for each class asked for, in the order asked, from the density of that class", async () => {
    const asked = Array.from({ length: 6000 }, (_, i) => (i % 4) % 3);
    const learned = await learnByClass(one, codes, [labels], means);
    const drawn = await learned.sample(asked.length, [asked]);
    for (const c of [0, 1, 2]) {
      const own = Float32Array.from(asked.flatMap((label, i) => (label === c ? [rowOf(drawn, i)[0]!] : [])));
      const { mean, covariance } = momentsOf(own, 1);
      // Standard errors: (c + 1) / sqrt 1000 of the mean twice over, and 3 % of the variance.
      expect(Math.abs(mean[0]! - 10 * c)).toBeLessThan(0.2 * (c + 1));
      expect(Math.abs(covariance.get(0, 0) / (c + 1) ** 2 - 1)).toBeLessThan(0.2);
    }
  });

  test("scores each code by the density of its class", async () => {
    const learned = await learnByClass(one, codes, [labels], means);
    const asked = [2, 0];
    const scores = await learned.logProb!(pointsOf(Float32Array.of(20, 1), 1), [asked]);
    for (const [i, c] of asked.entries()) {
      const own = Float32Array.from(labels.flatMap((label, row) => (label === c ? [codes.values[row]!] : [])));
      const { mean, covariance } = momentsOf(own, 1);
      const variance = covariance.get(0, 0);
      const expected = -(Math.log(2 * Math.PI * variance) + ([20, 1][i]! - mean[0]!) ** 2 / variance) / 2;
      expect(scores[i]).toBeCloseTo(expected, 4);
    }
  });

  test("without a label learns of all codes at once, as from the codes alone", async () => {
    const drawn = await (await learnByClass(one, codes, [], means)).sample(100, []);
    const alone = await one.learn(codes, streamOf(""), means.toolsOf());
    expect(drawn).toEqual(await alone.sample(100, streamOf("/draws")));
  });

  test("keeps to combinations of several labels", async () => {
    const halves = labels.map((_, i) => (i < 1500 ? 0 : 1));
    const shifted = pointsOf(
      codes.values.map((value, i) => value + 100 * halves[i]!),
      1,
    );
    const drawn = await (await learnByClass(one, shifted, [labels, halves], means)).sample(2, [
      [2, 0],
      [1, 0],
    ]);
    // Means 120 and 0, deviations 3 and 1.
    expect(Math.abs(drawn.values[0]! - 120)).toBeLessThan(15);
    expect(Math.abs(drawn.values[1]!)).toBeLessThan(5);
    await expect((await learnByClass(one, codes, [labels], means)).sample(1, [[7]])).rejects.toThrow("no code is of");
  });
});

describe("ex-post samples of a conditional model", () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await useEngine();
  });

  // Codes x / 2 of x about +-8 are +-4 away from 0, with variance 1/2: decoded, a sign is read wrongly of 1 in 2,000.
  test("are what they were asked for where the codes alone say the class, which samples of the prior are not", async () => {
    const world = { dimensions: 1, shift: 8, coded: true };
    const { measurements } = await scoreOn(engine, conditionalAccuracy, {}, world, [{ name: "mixture", sampler: one }]);
    expect(measurements["conditionalAccuracy/mixture"]!.value).toBeGreaterThan(0.99);
    expect(measurements["conditionalAccuracy/mixture/means"]!.value).toBeGreaterThan(0.99);
    expect(Math.abs(measurements.conditionalAccuracy!.value! - 0.5)).toBeLessThan(0.1);
  });
});
