import { beforeAll, describe, expect, test } from "vitest";
import type { Model } from "../../../src/contracts/model.js";
import { Bernoulli } from "../../../src/distributions/bernoulli.js";
import type { Engine } from "../../../src/engine/engine.js";
import { metricContext } from "../../../src/experiments/evaluation/metric-context.js";
import { elbo } from "../../../src/metrics/likelihood/elbo.js";
import { iwaeNll } from "../../../src/metrics/likelihood/iwae-nll.js";
import { tf } from "../../../src/tensor/tensor.js";
import { useEngine } from "../../support/engine.js";
import { measure } from "../../support/measure.js";
import { trainedOn, unitGaussianModel } from "../../support/unit-gaussian-model.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

// Three dimensions, p(x) = N(0, 2 I), and the exact posterior: every weight is p(x), and -elbo is -log p(x).
const rows = Array.from({ length: 120 }, (_, i) => [(i - 60) / 120, i / 120, (i % 7) / 7]);
const exact =
  rows.reduce((sum, row) => sum + row.reduce((all, x) => all + (Math.log(4 * Math.PI) + (x * x) / 2) / 2, 0), 0) /
  rows.length;

const modelOf = (levels: number | undefined, variance: number | null = 0.5): Model => {
  const model = unitGaussianModel({ slope: [0.5, 0.5, 0.5], variance });
  return { ...model, fields: { x: { ...model.fields.x!, ...(levels !== undefined && { levels }) } } };
};
const figuresOf = async (model: Model) => {
  const context = metricContext(trainedOn(engine, model, rows), "test", {});
  const bound = await measure(elbo, { type: "elbo", samples: 400 }, context);
  const likelihood = await measure(iwaeNll, { type: "iwae-nll", samples: 10 }, context);
  return { ...bound.measurements, ...likelihood.measurements };
};
const inBits = (measurements: object): string[] => Object.keys(measurements).filter((name) => /bits/i.test(name));

describe("bits a dimension", () => {
  test.each([
    [256, 8],
    [16, 4],
  ])("of %i dequantized levels are nats / (3 ln 2) + %i, by either metric", async (levels, offset) => {
    const measurements = await figuresOf(modelOf(levels));
    const bits = exact / (3 * Math.LN2) + offset;
    // 48,000 draws in all: standard errors below 0.004 nats a dimension.
    expect(Math.abs(measurements["bitsPerDimension.elbo"]!.value! - bits)).toBeLessThan(0.02);
    for (const name of ["nll", "nllTrainingEncoder"]) {
      const found = measurements[`bitsPerDimension.${name}`]!;
      expect(found.value).toBeCloseTo(bits, 5);
      expect(found).toMatchObject({ unit: "bits", n: 120, k: 10 });
      expect(found.standardError).toBeCloseTo(measurements[name]!.standardError! / (3 * Math.LN2), 10);
      expect(found.note).toBe(measurements[name]!.note);
    }
  });

  test("are null with the reason where a posterior has no density", async () => {
    const measurements = await figuresOf(modelOf(256, null));
    for (const name of inBits(measurements))
      expect(measurements[name]).toMatchObject({ value: null, note: expect.stringContaining("no density") });
    expect(inBits(measurements)).toHaveLength(3);
  });

  test("are there for nothing that is not dequantized, nor under a likelihood that is a mass", async () => {
    expect(inBits(await figuresOf(modelOf(undefined)))).toEqual([]);
    const mass: Model = { ...modelOf(256), generate: ({ z }) => new Bernoulli(tf.mul(z!, 1)) };
    expect(inBits(await figuresOf(mass))).toEqual([]);
  });
});
