/**
 * The Vendi score of samples, an effective number of different ones by the cosine similarity of their features; `vendi.ts` has
 * the formula. It sees no real example: read it beside the control "train", and at one n only.
 */
import { defineMetric } from "../../spec/define.js";
import { vendiScore as measured } from "../measures/vendi.js";
import { count, scoreSamples } from "./sample-metric.js";

export const vendiScore = defineMetric({
  schema: {
    type: "object",
    title: "Vendi score of samples",
    description: "Their effective number, by the entropy of the eigenvalues of their similarities in features.",
    required: ["type"],
    additionalProperties: false,
    properties: { type: { const: "vendi-score" }, count },
  },
  source: "Friedman & Dieng 2023, definition 3.1",
  create: ({ count }) => ({
    needs: ["extractor"],
    evaluate: (context) =>
      scoreSamples(
        {
          type: "vendi-score",
          count,
          least: 1,
          figures: { vendiScore: "samples" },
          space: "features",
          measure: async ({ samples, features }) => ({ vendiScore: { value: measured(await features(samples)) } }),
        },
        context,
      ),
  }),
});
