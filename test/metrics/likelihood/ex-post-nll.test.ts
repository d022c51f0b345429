import { beforeAll, describe, expect, test } from "vitest";
import type { Sampler } from "../../../src/contracts/sampler.js";
import type { Engine } from "../../../src/engine/engine.js";
import { metricContext } from "../../../src/experiments/evaluation/metric-context.js";
import { exPostNll } from "../../../src/metrics/likelihood/ex-post-nll.js";
import { iwaeNll } from "../../../src/metrics/likelihood/iwae-nll.js";
import { pointsOf } from "../../../src/numerics/points.js";
import { momentsOf } from "../../../src/numerics/principal-components.js";
import { normal, stream } from "../../../src/numerics/streams.js";
import { gaussianMixture } from "../../../src/samplers/gaussian-mixture.js";
import { drawMixture, logDensities, type Mixture } from "../../../src/samplers/mixture.js";
import { loadWritten } from "../../../src/testing/experiment.js";
import { build } from "../../support/components.js";
import { useEngine } from "../../support/engine.js";
import { measure } from "../../support/measure.js";
import { trainedOn, unitGaussianModel } from "../../support/unit-gaussian-model.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

const uniform = stream(1, "test/rows");
const rows = Array.from({ length: 120 }, () => {
  const [a, b] = [normal(uniform), normal(uniform)];
  return [1.5 * a, a + b];
});
const standard: Mixture = {
  weights: Float64Array.of(1),
  means: [new Float64Array(2)],
  factors: [Float64Array.of(1, 0, 0, 1)],
};
/** N(0, I), whatever the codes are. */
const prior: Sampler = {
  learn: () => ({
    sample: (count, draws) => drawMixture(standard, count, draws),
    logProb: (codes) => logDensities(standard, codes),
    note: "the prior",
  }),
};
const contextOf = (variance: number | null, sampler: Sampler, slope = [0.5, 0.5]) =>
  metricContext(trainedOn(engine, unitGaussianModel({ slope, variance }), rows), "test", {
    samplers: [{ name: "own", sampler }],
  });

describe("ex-post-nll", () => {
  test.each([7, 51])("with the prior as its density is iwae-nll, by the same %i draws", async (samples) => {
    const context = contextOf(0.9, prior, [0.3, 0.6]);
    const [found, expected] = [
      await measure(exPostNll, { samples }, context),
      await measure(iwaeNll, { samples }, context),
    ];
    for (const [i, value] of expected.perExample.nll!.entries())
      expect(found.perExample["exPostNll/own"]![i]).toBeCloseTo(value, 4);
    const { value, bound } = found.measurements["exPostEffectiveSampleSize/own"]!;
    expect(value).toBeCloseTo(expected.measurements.effectiveSampleSize!.value!, 3);
    expect(found.measurements["exPostNll/own"]!.bound).toBe(expected.measurements.nll!.bound);
    expect(bound).toBeUndefined();
  });

  test("with a full covariance is the marginal of a linear-Gaussian model", async () => {
    const one = build(gaussianMixture, { components: 1, floor: 1e-9 }, {});
    const { measurements, perExample } = await measure(exPostNll, { samples: 1000 }, contextOf(0.5, one));
    // Codes are x / 2, so r = N(m / 2, S / 4) and p_r(x) = N(m / 2, S / 4 + I), m and S the moments of the rows.
    const { mean, covariance } = momentsOf(Float32Array.from(rows.flat()), 2);
    const [a, b, c] = [covariance.get(0, 0) / 4 + 1, covariance.get(0, 1) / 4, covariance.get(1, 1) / 4 + 1];
    const determinant = a * c - b * b;
    const exact = rows.map(([x, y]) => {
      const [u, v] = [x! - mean[0]! / 2, y! - mean[1]! / 2];
      return (
        Math.log(2 * Math.PI) + (Math.log(determinant) + (c * u * u - 2 * b * u * v + a * v * v) / determinant) / 2
      );
    });
    const exactMean = exact.reduce((sum, value) => sum + value, 0) / rows.length;
    expect(Math.abs(measurements["exPostNll/own"]!.value! - exactMean)).toBeLessThan(0.02);
    for (const [i, value] of exact.entries())
      expect(Math.abs(perExample["exPostNll/own"]![i]! - value)).toBeLessThan(0.25);
  });

  test("gives the reason where a posterior or a sampler has no density", async () => {
    const drawsOnly: Sampler = {
      learn: () => ({ sample: (count) => pointsOf(new Float32Array(2 * count), 2), note: "" }),
    };
    const noteOf = async (variance: number | null, sampler: Sampler) =>
      (await measure(exPostNll, { samples: 10 }, contextOf(variance, sampler))).measurements["exPostNll/own"];
    expect(await noteOf(null, prior)).toMatchObject({ value: null, note: expect.stringContaining("point mass") });
    expect(await noteOf(0.5, drawsOnly)).toMatchObject({ value: null, note: expect.stringContaining("not known") });
  });

  test.each([
    [{}, {}, "the evaluation has no samplers"],
    [{ posterior: "deterministic" }, { samplers: ["kde"] }, 'needs a posterior with "density"'],
  ])("is refused with the model %j and the evaluation %j", async (model, evaluation, message) => {
    const written = {
      objective: { type: "elbo", beta: 0 },
      evaluation: { metrics: ["ex-post-nll"], ...evaluation },
      model,
    };
    await expect(loadWritten(written, [])).rejects.toThrow(message);
  });
});
