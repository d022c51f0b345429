/**
 * The classifier accuracy score: a classifier is trained on samples of a conditional model and the labels that were asked for,
 * and tested on real examples. It falls when samples are not what was asked for, and when they lack the data's diversity. Beside
 * it the control "train": as many real training examples. The classifier is a logistic regression on the examples as the data
 * hold them (`logistic-regression.ts`): it has one answer, and no seed. The paper's is a residual network: figures do not compare.
 */
import { defineMetric } from "../../spec/define.js";
import { logisticRegression } from "../measures/logistic-regression.js";
import { askedLabel, labeledRows, NOT_ASKED } from "./requested-label.js";
import { count, scoreSamples } from "./sample-metric.js";

export const classifierAccuracyScore = defineMetric({
  schema: {
    type: "object",
    title: "Classifier accuracy score",
    description: "A logistic regression trained on conditional samples, tested on real examples.",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "classifier-accuracy-score" },
      count,
      strength: {
        type: "number",
        exclusiveMinimum: 0,
        default: 0.1,
        description: "of the classifier (C of scikit-learn): larger regularizes less",
      },
    },
  },
  source: "Ravuri & Vinyals 2019, section 2",
  create: ({ count, strength }) => ({
    evaluate: (context) => {
      const label = askedLabel(context);
      return scoreSamples(
        {
          type: "classifier-accuracy-score",
          count,
          least: 2,
          settings: [strength, label?.field],
          figures: { classifierAccuracyScore: "fraction" },
          space: "examples",
          absent: () => (label ? undefined : NOT_ASKED),
          measure: async ({ samples, real }) => {
            const asked = label && labeledRows(samples, label);
            const truth = label && labeledRows(real, label);
            if (!asked || !truth) return "nothing was asked of these samples";
            if (asked.labels.length === 0 || truth.labels.length === 0) return "no example has a label";
            const { predict } = logisticRegression(asked.points, asked.labels, label.classes, {
              strength,
              tolerance: 1e-4,
            });
            const { n } = truth.points;
            const right =
              predict(truth.points).reduce((sum, found, i) => sum + (found === truth.labels[i] ? 1 : 0), 0) / n;
            return {
              classifierAccuracyScore: { value: right, n, standardError: Math.sqrt((right * (1 - right)) / n) },
            };
          },
        },
        context,
      );
    },
  }),
});
