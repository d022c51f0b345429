/**
 * Density, how often samples fall into the balls of real examples (1 for equal distributions, more for over-smooth samples), and
 * coverage, the share of real examples with a sample in their ball (1 - 2^-k for equal distributions), in features:
 * `neighbors.ts` has the formulas.
 */
import { defineMetric } from "../../spec/define.js";
import { densityCoverage as measured } from "../measures/neighbors.js";
import { count, neighbors, scoreSamples } from "./sample-metric.js";

export const densityCoverage = defineMetric({
  schema: {
    type: "object",
    title: "Density and coverage of samples",
    description: "Precision and recall by the balls of real examples alone, which outlying samples cannot widen.",
    required: ["type"],
    additionalProperties: false,
    properties: { type: { const: "density-coverage" }, count, k: neighbors(5) },
  },
  source: "Naeem et al. 2020, eq. 3-4",
  create: ({ count, k }) => ({
    needs: ["extractor"],
    evaluate: (context) =>
      scoreSamples(
        {
          type: "density-coverage",
          count,
          least: k + 1,
          settings: k,
          figures: { density: "ratio", coverage: "fraction" },
          space: "features",
          measure: async ({ samples, real, features }) => {
            const { density, coverage } = measured(await features(real), await features(samples), k);
            return { density: { value: density, k }, coverage: { value: coverage, k } };
          },
        },
        context,
      ),
  }),
});
