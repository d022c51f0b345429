/**
 * Mean Euclidean distance of samples to their nearest training examples, on raw values, and its ratio to that of held-out
 * examples. A ratio well below 1 means copies; far above 1, samples unlike the data. The control "train" uses the held-out
 * examples themselves; "one-class" and "memorized" use training examples.
 */

import { mean, standardError } from "../../numerics/statistics.js";
import { defineMetric } from "../../spec/define.js";
import { nearestDistances } from "../measures/nearest.js";
import { count, ofSamples, scoreSamples } from "./sample-metric.js";

export const nearestTrainingDistance = defineMetric({
  schema: {
    type: "object",
    title: "Distance to the nearest training example",
    description:
      "Distance of samples, and its ratio to that of held-out examples: tells memorization from generalization.",
    required: ["type"],
    additionalProperties: false,
    properties: { type: { const: "nearest-training-distance" }, count },
  },
  source: "Euclidean nearest neighbors; on the limits of this test of memorization: Theis et al. 2016, section 3.3",
  figures: {
    nearestTrainingDistance: ofSamples({
      title: "nearest training distance",
      unit: "data units",
      better: "neither",
      reading:
        "Mean distance of samples to their nearest training examples. Far below that of held-out data, samples are copies.",
      prominence: "detail",
    }),
    nearestTrainingRatio: ofSamples({
      title: "nearest training ratio",
      unit: "ratio",
      better: "neither",
      reading:
        "That distance relative to held-out data: near 1 for samples like the data, far below 1 for copies, far above 1 for samples unlike the data.",
      prominence: "detail",
    }),
  },
  create: ({ count }) => ({
    evaluate: (context) =>
      scoreSamples(
        {
          type: "nearest-training-distance",
          count,
          minimum: 2,
          figures: ["nearestTrainingDistance", "nearestTrainingRatio"],
          space: "examples",
          absent: ({ split }) =>
            split === "train" ? "the evaluated split is the training split, so no data are held out" : undefined,
          measure: async ({ samples, real, source }, { sampling }) => {
            const training = await sampling.training();
            const distances = nearestDistances(source === "train" ? real : samples, training);
            const heldOut = mean(nearestDistances(real, training));
            const ratio =
              heldOut > 0
                ? { value: mean(distances) / heldOut }
                : { value: null, note: "every held-out example also occurs in the training split" };
            return [
              {
                figure: "nearestTrainingDistance",
                value: mean(distances),
                standardError: standardError(distances),
              },
              { figure: "nearestTrainingRatio", ...ratio },
            ];
          },
        },
        context,
      ),
  }),
});
