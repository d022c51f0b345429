/**
 * Precision, the fraction of samples that lie among real examples, and recall, the fraction of real examples that lie among
 * samples, by k-nearest-neighbor balls in feature space; `neighbors.ts` has the formulas. The large balls of outliers inflate
 * both.
 */
import { defineMetric } from "../../spec/define.js";
import { precisionRecall as measured } from "../measures/neighbors.js";
import { count, neighbors, ofSamples, scoreSamples } from "./sample-metric.js";

export const precisionRecall = defineMetric({
  schema: {
    type: "object",
    title: "Precision and recall of samples",
    description: "Fraction of samples that look real, and fraction of data that samples cover, in feature space.",
    required: ["type"],
    additionalProperties: false,
    properties: { type: { const: "precision-recall" }, count, k: neighbors(3) },
  },
  source: "Kynkäänniemi et al. 2019, eq. 1-3",
  figures: {
    precision: ofSamples({
      title: "precision",
      unit: "fraction",
      better: "higher",
      k: "neighbors",
      reading: "Fraction of samples that lie among data in feature space: fidelity. Higher is better.",
    }),
    recall: ofSamples({
      title: "recall",
      unit: "fraction",
      better: "higher",
      k: "neighbors",
      reading: "Fraction of data that lie among samples in feature space: diversity. Higher is better.",
    }),
  },
  planes: [
    {
      x: { figure: "recall", role: "diversity" },
      y: { figure: "precision", role: "fidelity" },
      reading: "Samples get more realistic upwards and more diverse to the right",
      origin: { x: 0, y: 0 },
    },
  ],
  create: ({ count, k }) => ({
    needs: ["extractor"],
    evaluate: (context) =>
      scoreSamples(
        {
          type: "precision-recall",
          count,
          minimum: k + 1,
          settings: k,
          figures: ["precision", "recall"],
          space: "features",
          measure: async ({ samples, real, features }) => {
            const { precision, recall } = measured(await features(real), await features(samples), k);
            return [
              { figure: "precision", value: precision, k },
              { figure: "recall", value: recall, k },
            ];
          },
        },
        context,
      ),
  }),
});
