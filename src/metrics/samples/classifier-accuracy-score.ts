/**
 * Classifier accuracy score: a classifier is trained on samples of a conditional model with the requested labels, and tested
 * on real examples. It drops if samples do not match their labels or lack the diversity of the data. The control "train" uses
 * as many real training examples. The classifier is a logistic regression on the raw examples (`logistic-regression.ts`),
 * which has a unique solution and needs no seed. The paper uses a residual network, so figures do not compare.
 */
import { defineMetric } from "../../spec/define.js";
import { logisticRegression } from "../measures/logistic-regression.js";
import { labeledRows, NOT_CONDITIONAL, requestedLabel } from "./requested-label.js";
import { count, ofSamples, scoreSamples } from "./sample-metric.js";

export const classifierAccuracyScore = defineMetric({
  schema: {
    type: "object",
    title: "Classifier accuracy score",
    description: "Accuracy on real examples of a logistic regression trained on conditional samples.",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "classifier-accuracy-score" },
      count,
      strength: {
        type: "number",
        exclusiveMinimum: 0,
        default: 0.1,
        description: "Inverse regularization strength of the classifier (C in scikit-learn)",
      },
    },
  },
  source: "Ravuri & Vinyals 2019, section 2",
  figures: {
    classifierAccuracyScore: ofSamples({
      title: "classifier accuracy score",
      unit: "fraction",
      better: "higher",
      reading:
        "Accuracy on real examples of a classifier trained on samples. Higher is better; compare it with the value for training examples.",
    }),
  },
  create: ({ count, strength }) => ({
    evaluate: (context) => {
      const label = requestedLabel(context);
      return scoreSamples(
        {
          type: "classifier-accuracy-score",
          count,
          minimum: 2,
          settings: [strength, label?.field],
          figures: ["classifierAccuracyScore"],
          space: "examples",
          absent: () => (label ? undefined : NOT_CONDITIONAL),
          measure: async ({ samples, real }) => {
            const requested = label && labeledRows(samples, label);
            const truth = label && labeledRows(real, label);
            if (!requested || !truth) return "no class was requested of these samples";
            if (requested.labels.length === 0 || truth.labels.length === 0) return "no example has a label";
            const { predict } = logisticRegression(requested.points, requested.labels, label.classes, {
              strength,
              tolerance: 1e-4,
            });
            const { n } = truth.points;
            const right =
              predict(truth.points).reduce((sum, found, i) => sum + (found === truth.labels[i] ? 1 : 0), 0) / n;
            const standardError = Math.sqrt((right * (1 - right)) / n);
            return [{ figure: "classifierAccuracyScore", value: right, n, standardError }];
          },
        },
        context,
      );
    },
  }),
});
