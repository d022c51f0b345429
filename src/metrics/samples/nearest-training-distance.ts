/**
 * How far samples are from the training split: the mean Euclidean distance of each to the nearest training example, as the data
 * hold them, and its ratio to that of held-out real examples. Well below 1 the model copies; far above it, it makes what is not
 * like the data. The control "train" are the held-out examples themselves; "one-class" and "memorized" are training examples.
 */

import { mean, standardError } from "../../numerics/statistics.js";
import { defineMetric } from "../../spec/define.js";
import { nearestDistances } from "../measures/nearest.js";
import { count, ofSamples, scoreSamples } from "./sample-metric.js";

export const nearestTrainingDistance = defineMetric({
  schema: {
    type: "object",
    title: "Distance to the nearest training example",
    description: "Of samples, and its ratio to that of real examples held out: tells memorizing from generalizing.",
    required: ["type"],
    additionalProperties: false,
    properties: { type: { const: "nearest-training-distance" }, count },
  },
  source: "a Euclidean nearest neighbor; as a test of memorizing: Theis et al. 2016, section 3.3, on its limits",
  figures: {
    nearestTrainingDistance: ofSamples({
      title: "nearest training distance",
      unit: "data units",
      better: "neither",
      reading:
        "The mean distance of samples to the nearest training example. Far below that of held-out data, samples are copies.",
      prominence: "detail",
    }),
    nearestTrainingRatio: ofSamples({
      title: "nearest training ratio",
      unit: "ratio",
      better: "neither",
      reading:
        "The same as a ratio to held-out data: near 1 as data are, far below 1 copies, far above 1 unlike the data.",
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
            split === "train" ? "the scored split is the training split: nothing is held out" : undefined,
          measure: async ({ samples, real, source }, { sampling }) => {
            const training = await sampling.training();
            const distances = nearestDistances(source === "train" ? real : samples, training);
            const heldOut = mean(nearestDistances(real, training));
            const ratio =
              heldOut > 0
                ? { value: mean(distances) / heldOut }
                : { value: null, note: "every held-out example is a training example too" };
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
