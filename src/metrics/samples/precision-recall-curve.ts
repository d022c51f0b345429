/**
 * Precision-recall curve between distributions over clusters of features, summarized by F8, which weights recall, and F1/8,
 * which weights precision. `measures/precision-recall-curve.ts` has the formulas.
 */
import { defineMetric } from "../../spec/define.js";
import { bestF, precisionRecallCurve as measured } from "../measures/precision-recall-curve.js";
import { count, ofSamples, scoreSamples } from "./sample-metric.js";

export const precisionRecallCurve = defineMetric({
  schema: {
    type: "object",
    title: "F8 and F1/8 of the precision-recall curve",
    description:
      "Compares histograms of samples and of real examples over clusters of features; F8 weights recall, F1/8 precision.",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "precision-recall-curve" },
      count,
      clusters: {
        type: "integer",
        minimum: 2,
        maximum: 1000,
        default: 20,
        description: "Clusters of the features of both sets together",
      },
      angles: { type: "integer", minimum: 3, maximum: 100001, default: 1001, description: "Points on the curve" },
      runs: {
        type: "integer",
        minimum: 1,
        maximum: 100,
        default: 10,
        description: "Number of clusterings to average over",
      },
    },
  },
  source: "Sajjadi et al. 2018, algorithm 1",
  figures: {
    curveRecall: ofSamples({
      title: "F8 of the precision-recall curve",
      unit: "fraction",
      better: "higher",
      k: "clusters",
      reading: "Weights recall: how much of the data samples cover, over clusters of features. Higher is better.",
      prominence: "detail",
    }),
    curvePrecision: ofSamples({
      title: "F1/8 of the precision-recall curve",
      unit: "fraction",
      better: "higher",
      k: "clusters",
      reading: "Weights precision: how many samples look like data, over clusters of features. Higher is better.",
      prominence: "detail",
    }),
  },
  create: ({ count, clusters, angles, runs }) => ({
    needs: ["extractor"],
    evaluate: (context) =>
      scoreSamples(
        {
          type: "precision-recall-curve",
          count,
          minimum: clusters,
          settings: [clusters, angles, runs],
          figures: ["curveRecall", "curvePrecision"],
          space: "features",
          measure: async ({ samples, real, features }, { sampling }) => {
            const uniform = sampling.stream("precision-recall-curve");
            const curve = measured(await features(real), await features(samples), { clusters, angles, runs, uniform });
            return [
              { figure: "curveRecall", value: bestF(curve, 8), k: clusters, note: "F at beta 8" },
              { figure: "curvePrecision", value: bestF(curve, 1 / 8), k: clusters, note: "F at beta 1/8" },
            ];
          },
        },
        context,
      ),
  }),
});
