/**
 * How well the model's heads predict labels: the share of examples whose likeliest category is the right one, and the mean of
 * -ln p(label) in nats, over the examples of the split whose label is known. A head that makes the label a latent is asked for
 * q(y | x), with the label hidden.
 */
import type { Figure } from "../../contracts/metric.js";
import { correct, crossEntropy, knownLabels } from "../../inference/known-labels.js";
import { mean, standardError } from "../../numerics/statistics.js";
import { defineMetric } from "../../spec/define.js";
import type { Tensor } from "../../tensor/tensor.js";

export const accuracy = defineMetric({
  schema: {
    type: "object",
    title: "Accuracy of predicted labels",
    description: "Of each head that predicts a label: the share that is right, and the cross-entropy.",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "accuracy" },
      samples: {
        type: "integer",
        minimum: 1,
        maximum: 1000,
        default: 10,
        description: "draws from the posterior an example, for heads that look at draws",
      },
    },
  },
  source: "fraction correct, cross-entropy",
  requires: () => [
    {
      kind: "head",
      capability: "predicts",
      reason: "Only a head predicts labels: classifier, semi-supervised",
    },
  ],
  create: ({ samples }) => ({
    evaluate: async ({ model, size, blocks }) => {
      const outputs: Record<string, Float32Array> = {};
      const names = new Set<string>();
      await blocks({
        name: "accuracy",
        body: (batch, noise) => {
          const inferred = model.infer(batch, { samples, training: false, noise: noise.fork("infer") });
          const predicted = model.predict?.(inferred, { training: false, noise: noise.fork("predict") });
          const made: Record<string, Tensor> = {};
          for (const [name, logProbabilities] of Object.entries(predicted ?? {})) {
            names.add(name);
            const labels = batch.fields[name]!;
            made[`correct.${name}`] = correct(logProbabilities, labels);
            made[`crossEntropy.${name}`] = crossEntropy(logProbabilities, labels);
            made[`known.${name}`] = knownLabels(batch, name);
          }
          return made;
        },
        receive: (block, { start }) => {
          for (const [name, { data }] of Object.entries(block))
            (outputs[name] ??= new Float32Array(size)).set(data, start);
        },
      });
      if (names.size === 0)
        return { figures: { accuracy: { value: null, unit: "fraction", n: size, note: "no head predicts a label" } } };
      const figures: Record<string, Figure> = {};
      const perExample: Record<string, Float32Array> = {};
      for (const name of names) {
        const known = outputs[`known.${name}`]!;
        const all = known.every((mask) => mask === 1);
        const figure = (output: string, unit: string): Figure => {
          const values = outputs[`${output}.${name}`]!.filter((_, i) => known[i] === 1);
          if (values.length === 0)
            return { value: null, unit, n: 0, note: `no example of the split has a known "${name}"` };
          return { value: mean(values), standardError: standardError(values), unit, n: values.length };
        };
        figures[`accuracy.${name}`] = figure("correct", "fraction");
        figures[`crossEntropy.${name}`] = figure("crossEntropy", "nats");
        if (all) perExample[`correct.${name}`] = outputs[`correct.${name}`]!;
      }
      return { figures, perExample };
    },
  }),
});
