/**
 * Accuracy of the labels that heads predict: the fraction of examples whose most probable class is correct, and the mean of
 * -log p(label) in nats, over the examples of the split whose label is known. A head that makes the label a latent predicts
 * with q(y | x), with the label hidden.
 */

import type { Measured } from "../../contracts/measurement.js";
import type { MetricContext } from "../../contracts/metric.js";
import { evaluationCall } from "../../inference/call.js";
import { correct, crossEntropy, knownLabels } from "../../inference/known-labels.js";
import { mean, standardError } from "../../numerics/statistics.js";
import { defineMetric } from "../../spec/define.js";
import type { Tensor } from "../../tensor/tensor.js";

/** By example of the split. */
interface Predictions {
  /** 1 if the most probable class is correct. */
  correct: Float32Array;
  /** -log p(label), in nats. */
  crossEntropy: Float32Array;
  /** 1 if the label is known. */
  known: Float32Array;
}

/** Keyed by the field that a head predicts. */
const predictionsOf = async (
  { model, size, blocks }: MetricContext,
  samples: number,
): Promise<ReadonlyMap<string, Predictions>> => {
  const found = new Map<string, Predictions>();
  const empty = (): Predictions => ({
    correct: new Float32Array(size),
    crossEntropy: new Float32Array(size),
    known: new Float32Array(size),
  });
  await blocks({
    name: "accuracy",
    body: (batch, noise) => {
      const inferred = model.infer(batch, { ...evaluationCall(noise.fork("infer")), samples });
      const predicted = model.predict?.(inferred, evaluationCall(noise.fork("predict")));
      const made: Record<string, Tensor> = {};
      for (const [field, logProbabilities] of Object.entries(predicted ?? {})) {
        if (!found.has(field)) found.set(field, empty());
        const labels = batch.fields[field]!;
        made[`correct/${field}`] = correct(logProbabilities, labels);
        made[`crossEntropy/${field}`] = crossEntropy(logProbabilities, labels);
        made[`known/${field}`] = knownLabels(batch, field);
      }
      return made;
    },
    receive: (block, { start }) => {
      for (const [field, predictions] of found)
        for (const [output, values] of Object.entries(predictions))
          values.set(block[`${output}/${field}`]!.data, start);
    },
  });
  return found;
};

const measurementsOf = (field: string, { known, ...outputs }: Predictions): Measured[] => {
  const all = known.every((mask) => mask === 1);
  const measured = (figure: string, output: Float32Array): Measured => {
    const values = output.filter((_, i) => known[i] === 1);
    if (values.length === 0)
      return { figure, field, value: null, n: 0, note: `no example of the split has a known "${field}"` };
    return {
      figure,
      field,
      value: mean(values),
      standardError: standardError(values),
      n: values.length,
      ...(all && { perExample: values }),
    };
  };
  return [measured("accuracy", outputs.correct), measured("crossEntropy", outputs.crossEntropy)];
};

export const accuracy = defineMetric({
  schema: {
    type: "object",
    title: "Accuracy of predicted labels",
    description: "Fraction of correct predictions and cross-entropy of each head that predicts a label.",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "accuracy" },
      samples: {
        type: "integer",
        minimum: 1,
        maximum: 1000,
        default: 10,
        description: "Posterior samples per example, for heads that classify samples",
      },
    },
  },
  source: "fraction correct, cross-entropy",
  requires: () => [
    {
      kind: "head",
      capability: "predicts",
      reason: 'Predictions come from the head classifier, or from a latent that stands for the label ("observed")',
    },
  ],
  figures: {
    accuracy: {
      title: "accuracy",
      unit: "fraction",
      better: "higher",
      section: "tasks",
      by: ["field"],
      reading: "Fraction of examples whose most probable class is correct. Higher is better.",
    },
    crossEntropy: {
      title: "cross-entropy",
      unit: "nats",
      better: "lower",
      section: "tasks",
      by: ["field"],
      prominence: "detail",
      reading: "Mean of -log p(label) under the head's prediction. Lower is better.",
    },
  },
  create: ({ samples }) => ({
    evaluate: async (context) => {
      const { size } = context;
      const found = await predictionsOf(context, samples);
      if (found.size === 0)
        return { measurements: [{ figure: "accuracy", value: null, n: size, note: "no head predicts a label" }] };
      return { measurements: [...found].flatMap(([field, predictions]) => measurementsOf(field, predictions)) };
    },
  }),
});
