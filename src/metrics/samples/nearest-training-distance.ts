/**
 * How far samples are from the training split: the mean Euclidean distance of each to the nearest training example, as the data
 * hold them, and its ratio to that of held-out real examples. Well below 1 the model copies; far above it, it makes what is not
 * like the data. The control "train" are the held-out examples themselves; "one-class" and "memorized" are training examples.
 */

import { mean, standardError } from "../../numerics/statistics.js";
import { defineMetric } from "../../spec/define.js";
import { nearestDistances } from "../measures/nearest.js";
import { count, scoreSamples } from "./sample-metric.js";

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
  create: ({ count }) => ({
    evaluate: (context) =>
      scoreSamples(
        {
          type: "nearest-training-distance",
          count,
          least: 2,
          figures: { nearestTrainingDistance: "data units", nearestTrainingRatio: "ratio" },
          space: "examples",
          absent: ({ split }) =>
            split === "train" ? "the scored split is the training split: nothing is held out" : undefined,
          measure: async ({ samples, real, set }, { sampling }) => {
            const training = await sampling.training();
            const distances = nearestDistances(set === "train" ? real : samples, training);
            const heldOut = mean(nearestDistances(real, training));
            return {
              nearestTrainingDistance: { value: mean(distances), standardError: standardError(distances) },
              nearestTrainingRatio:
                heldOut > 0
                  ? { value: mean(distances) / heldOut }
                  : { value: null, note: "every held-out example is a training example too" },
            };
          },
        },
        context,
      ),
  }),
});
