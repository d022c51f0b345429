/**
 * The evidence lower bound at beta 1 and its two sides, by example, with the training encoder:
 *
 *     elbo = -(distortion + rate);  squaredError = E_q || x - E[x | z] ||^2, summed over what is there of the field (not a likelihood)
 *
 * Of dequantized gray levels also "bitsPerDimension.elbo", of -elbo.
 */
import type { Figure } from "../../contracts/metric.js";
import { distortionOf, elboTerms, expectation, rateOf } from "../../inference/elbo-terms.js";
import { isSingular } from "../../inference/site.js";
import { mean, standardError } from "../../numerics/statistics.js";
import { defineMetric } from "../../spec/define.js";
import { type Tensor, tf } from "../../tensor/tensor.js";
import { inBits } from "./bits.js";

const NO_DENSITY = "the posterior is a point mass: it has no density, hence no rate and no bound";

export const elbo = defineMetric({
  schema: {
    type: "object",
    title: "Evidence lower bound, rate, distortion and squared error",
    description:
      "By example, in nats, constants included, and in bits a dimension of dequantized gray levels; the squared error in the data's own unit.",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "elbo" },
      samples: {
        type: "integer",
        minimum: 1,
        maximum: 1000,
        default: 10,
        description: "draws from the posterior an example",
      },
    },
  },
  formula: "elbo = -(distortion + rate); squaredError = E_q || x - E[x | z] ||^2",
  source: "Kingma & Welling 2014, eq. 3; rate and distortion: Alemi et al. 2018",
  create: ({ samples }) => ({
    evaluate: async (context) => {
      const { model, size, blocks } = context;
      const perExample: Record<string, Float32Array> = {};
      let singular = false;
      let discrete: boolean | undefined;
      await blocks({
        name: "elbo",
        body: (batch, noise, proposal) => {
          const inferred = model.infer(batch, {
            samples,
            training: false,
            noise: noise.fork("infer"),
            ...(proposal && { proposal }),
          });
          const terms = elboTerms(model, batch, inferred, { training: false, noise: noise.fork("generate") });
          singular = isSingular(inferred);
          const outputs: Record<string, Tensor> = { distortion: distortionOf(terms) };
          const { likelihood } = terms;
          discrete = likelihood.discrete;
          if (likelihood.mean) {
            const x = batch.fields[model.modeled]!;
            const mask = batch.observed?.[model.modeled];
            const difference = tf.squaredDifference(likelihood.mean(), x);
            const error = mask ? tf.mul(difference, mask) : difference;
            outputs.squaredError = expectation(tf.sum(tf.reshape(error, [error.shape[0]!, x.shape[0]!, -1]), 2), terms);
          }
          if (!singular) outputs.rate = rateOf(terms);
          return outputs;
        },
        receive: (outputs, { start }) => {
          for (const [name, { data }] of Object.entries(outputs))
            (perExample[name] ??= new Float32Array(size)).set(data, start);
        },
      });
      const { rate, distortion } = perExample;
      if (rate && distortion) perExample.elbo = rate.map((r, i) => -(r + distortion[i]!));
      const figures: Record<string, Figure> = {};
      for (const name of ["distortion", "rate", "elbo", "squaredError"]) {
        const values = perExample[name];
        const unit = name === "squaredError" ? "squared units" : "nats";
        if (values) {
          figures[name] = { value: mean(values), standardError: standardError(values), unit, n: size, k: samples };
        } else if (name !== "squaredError") figures[name] = { value: null, unit, n: size, note: NO_DENSITY };
      }
      const { value, ...bound } = figures.elbo!;
      const bits = inBits(context, { ...bound, value: value === null ? null : -value }, discrete);
      if (bits) figures["bitsPerDimension.elbo"] = bits;
      return { figures, perExample };
    },
  }),
});
