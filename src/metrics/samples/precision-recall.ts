/**
 * Precision, the share of samples that lie among real examples, and recall, the share of real examples that lie among samples,
 * by k-nearest-neighbor balls in features: `neighbors.ts` has the formulas. An outlier's ball is large, so both run high.
 */
import { defineMetric } from "../../spec/define.js";
import { precisionRecall as measured } from "../measures/neighbors.js";
import { count, neighbors, scoreSamples } from "./sample-metric.js";

export const precisionRecall = defineMetric({
  schema: {
    type: "object",
    title: "Precision and recall of samples",
    description: "How many samples look real, and how much of the data the samples reach, in features.",
    required: ["type"],
    additionalProperties: false,
    properties: { type: { const: "precision-recall" }, count, k: neighbors(3) },
  },
  source: "Kynkäänniemi et al. 2019, eq. 1-3",
  create: ({ count, k }) => ({
    needs: ["extractor"],
    evaluate: (context) =>
      scoreSamples(
        {
          type: "precision-recall",
          count,
          least: k + 1,
          settings: k,
          figures: { precision: "fraction", recall: "fraction" },
          space: "features",
          measure: async ({ samples, real, features }) => {
            const { precision, recall } = measured(await features(real), await features(samples), k);
            return { precision: { value: precision, k }, recall: { value: recall, k } };
          },
        },
        context,
      ),
  }),
});
