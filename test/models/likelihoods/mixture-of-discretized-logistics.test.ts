import { beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../../../src/engine/engine.js";
import { mixtureOfDiscretizedLogistics } from "../../../src/models/likelihoods/index.js";
import type { FieldSchema } from "../../../src/tensor/fields.js";
import { ParameterStore } from "../../../src/tensor/parameters.js";
import { tf } from "../../../src/tensor/tensor.js";
import fixtures from "../../fixtures/likelihoods.json" with { type: "json" };
import { calling } from "../../support/calls.js";
import { build } from "../../support/components.js";
import { expectDrawsFit } from "../../support/densities.js";
import { useEngine } from "../../support/engine.js";
import { expectClose, expectGradient, tensorOf, valuesOf } from "../../support/tensors.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});
const { logits, locations, logScales, logProb, mean } = fixtures.mixtureOfDiscretizedLogistics;
const [SCALE, FLOOR, K] = [0.1, 1e-5, 3];
const gray = (shape: readonly number[], more: Partial<FieldSchema> = {}): FieldSchema => ({
  kind: shape.length === 3 ? "image" : "vector",
  shape,
  support: "unit",
  ...more,
});
const likelihood = (field: FieldSchema) => {
  const fields = { components: K, scale: SCALE, floor: FLOOR };
  return build(mixtureOfDiscretizedLogistics, fields, {
    field,
    parameters: new ParameterStore().scope("likelihood"),
  });
};
/** What the decoder has to give for one element: locations count from the centers of K cells, scales from the floor. */
const decodedFor = (i: number): number[] => [
  ...logits[i]!,
  ...locations[i]!.map((m, k) => m - (k + 0.5) / K),
  ...logScales[i]!.map((s) => Math.log(Math.expm1(((Math.exp(s) - FLOOR) * Math.LN2) / (SCALE - FLOOR)))),
];
const levels = Array.from({ length: 256 }, (_, k) => k / 255);

describe("the likelihood that mixes discretized logistics", () => {
  it("has SciPy's log-probability of every level and its mean, one mixture for each channel", () => {
    const made = likelihood(gray([1, 1, 2]));
    expect(made.outputs).toEqual([1, 1, 2 * 3 * K]);
    const p = made.at(tensorOf([[[[...decodedFor(0), ...decodedFor(1)]]]]), calling());
    const elements = p.logProbElements!(tensorOf(levels.map((level) => [[[level, level]]])));
    expectClose(
      elements,
      levels.map((_, k) => [[[logProb[0]![k]!, logProb[1]![k]!]]]),
      1e-4,
    );
    expectClose(p.mean!(), [[[mean]]], 1e-5);
    expectClose(p.logProb(tensorOf([[[[levels[7]!, levels[200]!]]]])), [logProb[0]![7]! + logProb[1]![200]!], 1e-4);
  });

  it("has a mass of 1, and draws levels by it", () => {
    for (const i of [0, 1]) {
      const p = likelihood(gray([1])).at(tensorOf(decodedFor(i)), calling());
      expect(p.discrete).toBe(true);
      expect(valuesOf(tf.sum(tf.exp(p.logProb(tensorOf(levels.map((level) => [level]))))))[0]).toBeCloseTo(1, 5);
      expectDrawsFit(engine, p);
    }
  });

  it("has gradients that differences confirm", () => {
    const made = likelihood(gray([1]));
    for (const level of [0, 128, 255])
      expectGradient(
        (x) => made.at(x, calling()).logProb(tensorOf([level / 255])),
        tensorOf([0.3, -1, 0.8, 0.1, 0.2, -0.1, 1, 2, 0.5]),
        5e-3,
      );
  });

  it("refuses dequantized levels, other values, and a scale below the floor", () => {
    const fields = { type: "mixture-of-discretized-logistics", components: 3, scale: 0.1, floor: 0.001 };
    const refusal = (field: FieldSchema, more = {}) =>
      mixtureOfDiscretizedLogistics.refuses?.({ ...fields, ...more }, field);
    expect(refusal(gray([2]))).toBeUndefined();
    expect(refusal(gray([2], { levels: 256 }))).toContain("these are dequantized");
    expect(refusal(gray([2], { support: "binary" }))).toContain("use the bernoulli likelihood");
    expect(refusal(gray([2]), { floor: 0.2 })).toContain("with the floor 0.2");
  });
});
