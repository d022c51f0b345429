import { beforeAll, describe, expect, it } from "vitest";
import { logGammaDraws } from "../../src/distributions/gamma-draws.js";
import type { Engine } from "../../src/engine/engine.js";
import { tf } from "../../src/tensor/tensor.js";
import fixtures from "../fixtures/likelihoods.json" with { type: "json" };
import { useEngine } from "../support/engine.js";
import { noiseOf, valuesOf } from "../support/tensors.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});
const { levels, concentrations, quantiles } = fixtures.gammaQuantiles;
const DRAWS = 200_000;

describe("draws from a gamma distribution", () => {
  it.each(concentrations.map((a, i) => ({ a, of: quantiles[i]! })))(
    "fall below SciPy's quantiles as often as they should, at concentration $a",
    ({ a, of }) => {
      const draws = Float32Array.from(valuesOf(logGammaDraws(noiseOf(engine), "g", tf.scalar(a), [DRAWS]))).sort();
      of.forEach((quantile, i) => {
        const level = levels[i]!;
        const above = draws.findIndex((logDraw) => logDraw > Math.log(quantile));
        const bound = 5 * Math.sqrt((level * (1 - level)) / DRAWS);
        expect(Math.abs(above / DRAWS - level)).toBeLessThan(bound);
      });
    },
  );

  it("do not underflow where the concentration is tiny", () => {
    const draws = valuesOf(logGammaDraws(noiseOf(engine), "g", tf.scalar(1e-4), [1000]));
    expect(draws.every(Number.isFinite)).toBe(true);
    // E ln g = digamma(a), about -1 / a.
    const mean = draws.reduce((sum, each) => sum + each, 0) / draws.length;
    expect(Math.abs(mean * 1e-4 + 1)).toBeLessThan(5 / Math.sqrt(draws.length));
  });
});
