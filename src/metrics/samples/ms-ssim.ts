/**
 * Similarity of samples to each other: the mean multi-scale structural similarity of pairs of samples, drawn without
 * replacement; `structural-similarity.ts` has the formula and the scales. High values mean little diversity. Low values alone
 * mean nothing, because noise scores lowest.
 */

import { scalesFor } from "../../numerics/image-scales.js";
import { rowOf } from "../../numerics/points.js";
import { mean, standardError } from "../../numerics/statistics.js";
import { permutation } from "../../numerics/streams.js";
import { defineMetric } from "../../spec/define.js";
import { multiScaleSimilarity } from "../measures/structural-similarity.js";
import { count, ofSamples, scoreSamples } from "./sample-metric.js";

export const msSsim = defineMetric({
  schema: {
    type: "object",
    title: "Multi-scale structural similarity between samples",
    description: "Similarity of random pairs of samples. 28 x 28 images have two scales.",
    required: ["type"],
    additionalProperties: false,
    properties: { type: { const: "ms-ssim" }, count },
  },
  source: "Wang, Simoncelli & Bovik 2003, eq. 7; between samples: Odena et al. 2017, section 4.2",
  figures: {
    multiScaleSimilarity: ofSamples({
      title: "multi-scale similarity",
      unit: "similarity",
      better: "neither",
      reading:
        "Mean similarity of random pairs of samples. Above the value for training examples, samples lack diversity.",
      prominence: "detail",
    }),
  },
  create: ({ count }) => ({
    evaluate: (context) =>
      scoreSamples(
        {
          type: "ms-ssim",
          count,
          minimum: 4,
          figures: ["multiScaleSimilarity"],
          space: "examples",
          absent: ({ dataset }) => {
            const { kind, shape, support } = dataset.fields[dataset.modeled]!;
            const [height = 0, width = 0] = shape;
            if (kind !== "image") return "the data are not images";
            if (support !== "binary" && support !== "unit") return "its constants assume values in [0, 1]";
            return scalesFor({ height, width }) === 0 ? "the images are smaller than the window of 11 x 11" : undefined;
          },
          measure: async ({ samples }, { dataset, sampling }) => {
            const [height = 0, width = 0, channels = 0] = dataset.fields[dataset.modeled]!.shape;
            const size = { height, width, channels };
            const order = permutation(samples.n, sampling.stream("ms-ssim"));
            const values = Array.from({ length: samples.n >> 1 }, (_, i) =>
              multiScaleSimilarity(rowOf(samples, order[2 * i]!), rowOf(samples, order[2 * i + 1]!), size),
            );
            const scales = scalesFor(size);
            return [
              {
                figure: "multiScaleSimilarity",
                value: mean(values),
                standardError: standardError(values),
                note: `${scales} scales`,
              },
            ];
          },
        },
        context,
      ),
  }),
});
