/**
 * Density and coverage in feature space. Density measures how often samples fall into the balls of real examples: 1 for equal
 * distributions, more for over-smooth samples. Coverage is the fraction of real examples with a sample in their ball: 1 -
 * 2^-k for equal distributions. `neighbors.ts` has the formulas.
 */
import { defineMetric } from "../../spec/define.js";
import { densityCoverage as measured } from "../measures/neighbors.js";
import { count, neighbors, ofSamples, scoreSamples } from "./sample-metric.js";

export const densityCoverage = defineMetric({
  schema: {
    type: "object",
    title: "Density and coverage of samples",
    description:
      "Fidelity and diversity by nearest-neighbor balls around real examples only, so that outliers among samples cannot inflate them.",
    required: ["type"],
    additionalProperties: false,
    properties: { type: { const: "density-coverage" }, count, k: neighbors(5) },
  },
  source: "Naeem et al. 2020, eq. 3-4",
  figures: {
    density: ofSamples({
      title: "density",
      unit: "ratio",
      better: "higher",
      k: "neighbors",
      reading:
        "How densely samples lie among data: 1 if both have the same distribution, more if samples are over-smooth.",
    }),
    coverage: ofSamples({
      title: "coverage",
      unit: "fraction",
      better: "higher",
      k: "neighbors",
      reading: "Fraction of data with a sample nearby: diversity. Higher is better.",
    }),
  },
  planes: [
    {
      x: { figure: "coverage", role: "diversity" },
      y: { figure: "density", role: "fidelity" },
      reading:
        "Samples get more realistic upwards and more diverse to the right; a density above that of training examples means over-smooth samples, not better ones",
      origin: { x: 0, y: 0 },
    },
  ],
  create: ({ count, k }) => ({
    needs: ["extractor"],
    evaluate: (context) =>
      scoreSamples(
        {
          type: "density-coverage",
          count,
          minimum: k + 1,
          settings: k,
          figures: ["density", "coverage"],
          space: "features",
          measure: async ({ samples, real, features }) => {
            const { density, coverage } = measured(await features(real), await features(samples), k);
            return [
              { figure: "density", value: density, k },
              { figure: "coverage", value: coverage, k },
            ];
          },
        },
        context,
      ),
  }),
});
