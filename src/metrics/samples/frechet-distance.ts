/**
 * Fréchet distance between samples and real examples in feature space; `frechet.ts` has the formula. It is not FID, which
 * uses Inception features, and does not compare across extractors. It decreases with n, so compare only at equal n.
 */
import { defineMetric } from "../../spec/define.js";
import { frechetDistance as measured } from "../measures/frechet.js";
import { count, ofSamples, scoreSamples } from "./sample-metric.js";

export const frechetDistance = defineMetric({
  schema: {
    type: "object",
    title: "Fréchet distance in features",
    description: "Distance between Gaussians fitted to the features of samples and of real examples.",
    required: ["type"],
    additionalProperties: false,
    properties: { type: { const: "frechet-distance" }, count },
  },
  source: "Heusel et al. 2017, eq. 6; Dowson & Landau 1982",
  figures: {
    frechetDistance: ofSamples({
      title: "Fréchet distance",
      unit: "squared features",
      better: "lower",
      reading:
        "Distance between Gaussians fitted to features of samples and of data. Lower is better. It does not compare with FID, which uses other features.",
    }),
  },
  create: ({ count }) => ({
    needs: ["extractor"],
    evaluate: (context) =>
      scoreSamples(
        {
          type: "frechet-distance",
          count,
          minimum: 2,
          figures: ["frechetDistance"],
          space: "features",
          measure: async ({ samples, real, features }) => [
            { figure: "frechetDistance", value: measured(await features(real), await features(samples)) },
          ],
        },
        context,
      ),
  }),
});
