/**
 * Vendi score of samples: the effective number of distinct samples by the cosine similarity of their features; `vendi.ts` has
 * the formula. It ignores real examples: compare it with the control "train", and only at equal n.
 */
import { defineMetric } from "../../spec/define.js";
import { vendiScore as measured } from "../measures/vendi.js";
import { count, ofSamples, scoreSamples } from "./sample-metric.js";

export const vendiScore = defineMetric({
  schema: {
    type: "object",
    title: "Vendi score of samples",
    description:
      "Effective number of distinct samples: the exponential entropy of the eigenvalues of their feature similarities.",
    required: ["type"],
    additionalProperties: false,
    properties: { type: { const: "vendi-score" }, count },
  },
  source: "Friedman & Dieng 2023, definition 3.1",
  figures: {
    vendiScore: ofSamples({
      title: "Vendi score",
      unit: "samples",
      better: "higher",
      reading: "Effective number of distinct samples. It grows with n, and noise scores high.",
    }),
  },
  planes: [
    {
      x: { figure: "vendiScore", role: "diversity" },
      y: { figure: "precision", role: "fidelity" },
      reading:
        "Samples get more realistic upwards and more diverse to the right; the Vendi score counts noise as diversity and depends on n",
      origin: { x: 0, y: 0 },
    },
  ],
  create: ({ count }) => ({
    needs: ["extractor"],
    evaluate: (context) =>
      scoreSamples(
        {
          type: "vendi-score",
          count,
          minimum: 1,
          figures: ["vendiScore"],
          space: "features",
          measure: async ({ samples, features }) => [
            { figure: "vendiScore", value: measured(await features(samples)) },
          ],
        },
        context,
      ),
  }),
});
