/**
 * Kernel distance between samples and real examples in feature space: the unbiased squared MMD under a cubic kernel;
 * `measures/kernel-distance.ts` has the formula. It is not KID, which uses Inception features. Its expectation is 0 for equal
 * distributions.
 */
import { defineMetric } from "../../spec/define.js";
import { kernelDistance as measured } from "../measures/kernel-distance.js";
import { count, ofSamples, scoreSamples } from "./sample-metric.js";

export const kernelDistance = defineMetric({
  schema: {
    type: "object",
    title: "Kernel distance in features",
    description: "Squared maximum mean discrepancy of features under a cubic polynomial kernel, averaged over subsets.",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "kernel-distance" },
      count,
      subsets: {
        type: "integer",
        minimum: 2,
        maximum: 1000,
        default: 10,
        description: "Number of subsets to average over",
      },
      subsetSize: {
        type: "integer",
        minimum: 2,
        maximum: 10000,
        default: 1000,
        description: "Examples per subset; smaller sets use one subset of all examples",
      },
    },
  },
  source: "Binkowski et al. 2018, section 3 and eq. 4",
  figures: {
    kernelDistance: ofSamples({
      title: "kernel distance",
      unit: "squared discrepancy",
      better: "lower",
      reading:
        "Squared MMD between features of samples and of data. Lower is better; its expectation is 0 if both have the same distribution.",
      prominence: "detail",
    }),
  },
  create: ({ count, subsets, subsetSize }) => ({
    needs: ["extractor"],
    evaluate: (context) =>
      scoreSamples(
        {
          type: "kernel-distance",
          count,
          minimum: 2,
          settings: [subsets, subsetSize],
          figures: ["kernelDistance"],
          space: "features",
          measure: async ({ samples, real, features }, { sampling }) => [
            {
              figure: "kernelDistance",
              // All sets use the same subsets.
              ...measured(await features(real), await features(samples), {
                subsets,
                size: subsetSize,
                uniform: sampling.stream("kernel-distance"),
              }),
            },
          ],
        },
        context,
      ),
  }),
});
