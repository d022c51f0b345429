/**
 * Whether samples are what was asked for: the share of them in which the feature extractor reads the label that the model was
 * conditioned on, of all samples and class by class ("conditionalAccuracy-3" of those asked to be a 3). The control "train" is
 * the extractor's own accuracy on real examples: the ceiling.
 */
import { classFigure } from "../../contracts/metric.js";
import { defineMetric } from "../../spec/define.js";
import { askedLabel, labelsOf, NOT_ASKED } from "../samples/requested-label.js";
import { count, type Measured, scoreSamples } from "../samples/sample-metric.js";

const FIGURE = "conditionalAccuracy";

const accuracies = (asked: Int32Array, read: Int32Array, classes: number): Measured => {
  const [right, all] = [new Float64Array(classes), new Float64Array(classes)];
  for (const [i, label] of asked.entries()) {
    // An example without a label.
    if (label < 0) continue;
    all[label]! += 1;
    if (read[i] === label) right[label]! += 1;
  }
  const share = (right: number, n: number): Measured[string] => {
    if (n === 0) return { value: null, n, note: "no sample was asked for" };
    const p = right / n;
    // Where all are alike a share has no error that n alone could tell.
    return { value: p, n, ...(p > 0 && p < 1 && { standardError: Math.sqrt((p * (1 - p)) / n) }) };
  };
  return {
    [FIGURE]: share(
      right.reduce((sum, count) => sum + count, 0),
      all.reduce((sum, count) => sum + count, 0),
    ),
    ...Object.fromEntries(Array.from(all, (n, c) => [classFigure(FIGURE, c), share(right[c]!, n)])),
  };
};

export const conditionalAccuracy = defineMetric({
  schema: {
    type: "object",
    title: "Accuracy of what was asked for",
    description:
      "How often the feature extractor reads the label that a conditional model was asked for, and by class.",
    required: ["type"],
    additionalProperties: false,
    properties: { type: { const: "conditional-accuracy" }, count },
  },
  source: "the accuracy of a classifier on conditional samples: Ravuri & Vinyals 2019, section 2",
  create: ({ count }) => ({
    needs: ["extractor"],
    evaluate: (context) => {
      const label = askedLabel(context);
      const classes = Array.from({ length: label?.classes ?? 0 }, (_, c) => classFigure(FIGURE, c));
      return scoreSamples(
        {
          type: "conditional-accuracy",
          count,
          least: 1,
          settings: label?.field,
          figures: Object.fromEntries([FIGURE, ...classes].map((name) => [name, "fraction"])),
          space: "features",
          absent: () => (label ? undefined : NOT_ASKED),
          measure: async ({ samples, extractor }) => {
            const asked = label && labelsOf(samples, label);
            if (!asked) return "nothing was asked of these samples";
            const read = await extractor?.labels(samples, label.field);
            if (!read) return `the extractor was not taught to tell "${label.field}"`;
            return accuracies(asked, read, label.classes);
          },
        },
        context,
      );
    },
  }),
});
