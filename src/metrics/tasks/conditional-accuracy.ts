/**
 * Fraction of conditional samples that the feature extractor assigns to the requested class, overall and by class. The
 * control "train" is the extractor's accuracy on real examples, an upper limit.
 */
import { defineMetric } from "../../spec/define.js";
import { labelsOf, NOT_CONDITIONAL, type RequestedLabel, requestedLabel } from "../samples/requested-label.js";
import { count, ofSamples, type SampleMeasured, scoreSamples } from "../samples/sample-metric.js";

const FIGURE = "conditionalAccuracy";

const accuracies = (requested: Int32Array, read: Int32Array, { field, classes }: RequestedLabel): SampleMeasured[] => {
  const [right, all] = [new Float64Array(classes), new Float64Array(classes)];
  for (const [i, label] of requested.entries()) {
    // An unlabeled example.
    if (label < 0) continue;
    all[label]! += 1;
    if (read[i] === label) right[label]! += 1;
  }
  const share = (right: number, n: number): Omit<SampleMeasured, "figure"> => {
    if (n === 0) return { value: null, n, note: "no samples were requested" };
    const p = right / n;
    // If all samples agree, the standard error is undefined.
    return { value: p, n, ...(p > 0 && p < 1 && { standardError: Math.sqrt((p * (1 - p)) / n) }) };
  };
  const [rightOfAll, n] = [right, all].map((counts) => counts.reduce((sum, count) => sum + count, 0));
  return [
    { figure: FIGURE, ...share(rightOfAll!, n!) },
    ...Array.from(all, (n, index) => ({ figure: FIGURE, class: { field, index }, ...share(right[index]!, n) })),
  ];
};

export const conditionalAccuracy = defineMetric({
  schema: {
    type: "object",
    title: "Accuracy of requested classes",
    description:
      "Fraction of conditional samples that the feature extractor assigns to the requested class, overall and by class.",
    required: ["type"],
    additionalProperties: false,
    properties: { type: { const: "conditional-accuracy" }, count },
  },
  source: "accuracy of a classifier on conditional samples: Ravuri & Vinyals 2019, section 2",
  figures: {
    [FIGURE]: {
      ...ofSamples({
        title: "conditional accuracy",
        unit: "fraction",
        better: "higher",
        reading: "Fraction of samples that a classifier assigns to the requested class. Higher is better.",
      }),
      by: ["set", "class"],
    },
  },
  create: ({ count }) => ({
    needs: ["extractor"],
    evaluate: (context) => {
      const label = requestedLabel(context);
      return scoreSamples(
        {
          type: "conditional-accuracy",
          count,
          minimum: 1,
          settings: label?.field,
          figures: [FIGURE],
          space: "features",
          absent: () => (label ? undefined : NOT_CONDITIONAL),
          measure: async ({ samples, extractor }) => {
            const requested = label && labelsOf(samples, label);
            if (!requested) return "no class was requested of these samples";
            const read = await extractor?.labels(samples, label.field);
            if (!read) return `the feature extractor was not trained on the label "${label.field}"`;
            return accuracies(requested, read, label);
          },
        },
        context,
      );
    },
  }),
});
