/**
 * How many codes of a discrete latent are in use: of each of its variables, the perplexity of the aggregate posterior over the split,
 * exp(-sum_k f_k ln f_k) with f_k = mean_x q(k | x), averaged over the variables. It is between 1, when all examples have one code, and
 * the number of categories, when all are as frequent.
 */
import type { Measured } from "../../contracts/measurement.js";
import type { MetricContext } from "../../contracts/metric.js";
import { evaluationCall } from "../../inference/call.js";
import { categoryProbabilities } from "../../inference/categories.js";
import { extentOf } from "../../numerics/lists.js";
import { mean } from "../../numerics/statistics.js";
import { defineMetric } from "../../spec/define.js";
import { tf } from "../../tensor/tensor.js";

interface Frequencies {
  categories: number;
  /** By variable, one after another: sums of q over examples. */
  sums: Float64Array;
}

/** By discrete latent. */
const frequenciesOf = async ({ model, blocks }: MetricContext): Promise<Map<string, Frequencies>> => {
  const found = new Map<string, Frequencies>();
  await blocks({
    name: "code-perplexity",
    body: (batch, noise) => {
      const inferred = model.infer(batch, { ...evaluationCall(noise), samples: 1 });
      return Object.fromEntries(
        Object.keys(model.latents).flatMap((latent) => {
          const probabilities = categoryProbabilities(inferred, latent);
          return probabilities ? [[latent, tf.sum(probabilities, 0)] as const] : [];
        }),
      );
    },
    receive: (outputs) => {
      for (const [latent, { shape, data }] of Object.entries(outputs)) {
        if (!found.has(latent)) found.set(latent, { categories: shape[1]!, sums: new Float64Array(data.length) });
        const { sums } = found.get(latent)!;
        for (const [i, value] of data.entries()) sums[i] = sums[i]! + value;
      }
    },
  });
  return found;
};

/** The perplexity of each variable. */
const perplexities = ({ categories, sums }: Frequencies): number[] =>
  Array.from({ length: sums.length / categories }, (_, variable) => {
    const own = sums.subarray(variable * categories, (variable + 1) * categories);
    const total = own.reduce((sum, each) => sum + each, 0);
    return Math.exp(-own.reduce((sum, each) => sum + (each > 0 ? (each / total) * Math.log(each / total) : 0), 0));
  });

export const codePerplexity = defineMetric({
  schema: {
    type: "object",
    title: "Perplexity of codes",
    description: "How many categories each variable of a discrete latent uses, weighted by frequency.",
    required: ["type"],
    additionalProperties: false,
    properties: { type: { const: "code-perplexity" } },
  },
  formula: "mean over variables of exp(-sum_k f_k ln f_k), f_k = mean_x q(k | x)",
  source: "van den Oord, Vinyals & Kavukcuoglu 2017",
  figures: {
    codePerplexity: {
      title: "perplexity of codes",
      unit: "categories",
      better: "neither",
      section: "latent",
      by: ["latent"],
      reading:
        "Categories in use by each variable of a discrete latent, weighted by frequency. 1 means that all examples have the same code.",
    },
  },
  create: () => ({
    evaluate: async (context) => {
      const { size, model } = context;
      const found = await frequenciesOf(context);
      const hasSeveral = Object.keys(model.latents).length > 1;
      const measurements = Array.from(found, ([latent, frequencies]): Measured => {
        const each = perplexities(frequencies);
        const [least, most] = extentOf(each);
        const unused = frequencies.sums.filter((sum) => sum === 0).length;
        return {
          figure: "codePerplexity",
          ...(hasSeveral && { latent }),
          n: size,
          value: mean(each),
          note: `of ${frequencies.categories}; mean of ${each.length} variables, from ${least.toFixed(1)} to ${most.toFixed(1)}; ${unused} of ${frequencies.sums.length} never occur`,
        };
      });
      if (measurements.length > 0) return { measurements };
      return { measurements: [{ figure: "codePerplexity", n: size, value: null, note: "no latent is discrete" }] };
    },
  }),
});
