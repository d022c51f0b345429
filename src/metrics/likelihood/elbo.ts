/**
 * The evidence lower bound at beta 1 and its two terms, per example, with the training encoder:
 *
 *     elbo = -(distortion + rate);  squaredError = E_q || x - E[x | z] ||^2, summed over the observed values (not a likelihood)
 *
 * With several outputs the distortion and the squared error of each are measured apart.
 *
 * With dequantized gray levels also "bitsPerDimension.elbo", from -elbo.
 */

import type { FigureDefinitions, Measured } from "../../contracts/measurement.js";
import type { MetricContext } from "../../contracts/metric.js";
import type { Model } from "../../contracts/model.js";
import { evaluationCall } from "../../inference/call.js";
import {
  distortionByOutput,
  distortionOf,
  type ElboTerms,
  elboTerms,
  expectation,
  outputsOf,
  rateOf,
} from "../../inference/elbo-terms.js";
import { isSingular, siteOf } from "../../inference/site.js";
import { mean, standardError } from "../../numerics/statistics.js";
import { defineMetric } from "../../spec/define.js";
import type { Batch } from "../../tensor/fields.js";
import { type Tensor, tf } from "../../tensor/tensor.js";
import { inBits } from "./bits.js";

const NO_DENSITY = "the posterior is a point mass: it has no density, hence no rate and no bound";

const figures = {
  rate: {
    title: "rate",
    unit: "nats",
    better: "neither",
    section: "likelihood",
    k: "draws per example",
    reading:
      "KL divergence of the posterior from the prior: the information that codes carry about their examples. At 0 they carry none.",
  },
  latentRate: {
    title: "KL",
    unit: "nats",
    better: "neither",
    section: "likelihood",
    by: ["latent"],
    k: "draws per example",
    chart: "rate",
    reading: "The part of the rate that one of several latents adds. The parts sum to the rate.",
  },
  distortion: {
    title: "distortion",
    unit: "nats",
    better: "lower",
    section: "likelihood",
    k: "draws per example",
    reading:
      "Expected -log p(x|z) under the posterior: the information that codes lose about their examples. Lower is better.",
  },
  outputDistortion: {
    title: "distortion",
    unit: "nats",
    better: "lower",
    section: "likelihood",
    by: ["field"],
    k: "draws per example",
    chart: "distortion",
    reading: "The part of the distortion that one of several outputs adds. The parts sum to the distortion.",
  },
  elbo: {
    title: "ELBO",
    unit: "nats",
    better: "higher",
    section: "likelihood",
    k: "draws per example",
    reading: "Higher is better. Evaluated at beta 1 with the training encoder, whatever beta the training used.",
  },
  "bitsPerDimension.elbo": {
    title: "bits per dimension, ELBO",
    unit: "bits",
    better: "lower",
    section: "likelihood",
    k: "draws per example",
    reading: "Negative ELBO of the gray levels, in bits per dimension. Lower is better.",
  },
  squaredError: {
    title: "squared error",
    unit: "squared units",
    better: "lower",
    section: "reconstruction",
    by: ["field"],
    k: "draws per example",
    reading: "Error of the reconstruction by the likelihood's mean. Lower is better. It says nothing about samples.",
  },
} as const satisfies FigureDefinitions;

/** Prefixes of outputs that are the KL of one latent, the distortion and the squared error of one output. */
const PART = "KL of ";
const DISTORTION = "distortion of ";
const ERROR = "squared error of ";

/** E_q || x - E[x | z] ||^2 over the observed values, [B] by output; none of labels beside the modeled field, or without a mean. */
const squaredErrors = (
  { fields: schemas, modeled }: Model,
  terms: ElboTerms,
  { fields, observed }: Batch,
): Record<string, Tensor> =>
  Object.fromEntries(
    Object.entries(terms.likelihoods).flatMap(([output, likelihood]) => {
      const isLabel = output !== modeled && schemas[output]?.kind === "label";
      if (!likelihood.mean || isLabel) return [];
      const x = fields[output]!;
      const mask = observed?.[output];
      const difference = tf.squaredDifference(likelihood.mean(), x);
      const error = mask ? tf.mul(difference, mask) : difference;
      return [[output, expectation(tf.sum(tf.reshape(error, [error.shape[0]!, x.shape[0]!, -1]), 2), terms)]];
    }),
  );

/** By example of the split. A posterior without density has no rate. */
interface Terms {
  values: Readonly<Record<string, Float32Array>>;
  discrete: boolean | undefined;
}

const termsOf = async ({ model, size, blocks }: MetricContext, samples: number): Promise<Terms> => {
  const values: Record<string, Float32Array> = {};
  let discrete: boolean | undefined;
  await blocks({
    name: "elbo",
    body: (batch, noise, proposal) => {
      const inferred = model.infer(batch, {
        ...evaluationCall(noise.fork("infer")),
        samples,
        ...(proposal && { proposal }),
      });
      const terms = elboTerms(model, batch, inferred, evaluationCall(noise.fork("generate")));
      const outputs: Record<string, Tensor> = { distortion: distortionOf(terms) };
      discrete = terms.likelihoods[model.modeled]?.discrete;
      for (const [output, distortion] of Object.entries(distortionByOutput(terms)))
        outputs[DISTORTION + output] = distortion;
      for (const [output, error] of Object.entries(squaredErrors(model, terms, batch))) outputs[ERROR + output] = error;
      if (!isSingular(inferred)) {
        outputs.rate = rateOf(terms);
        const latents = Object.keys(inferred.sites);
        for (const latent of latents.length > 1 ? latents : [])
          outputs[PART + latent] = expectation(siteOf(inferred, latent).kl(), terms);
      }
      return outputs;
    },
    receive: (outputs, { start }) => {
      for (const [name, { data }] of Object.entries(outputs))
        (values[name] ??= new Float32Array(size)).set(data, start);
    },
  });
  const { rate, distortion } = values;
  if (rate && distortion) values.elbo = rate.map((r, i) => -(r + distortion[i]!));
  return { values, discrete };
};

export const elbo = defineMetric({
  schema: {
    type: "object",
    title: "Evidence lower bound, rate, distortion and squared error",
    description:
      "Nats per example, including all constants; also bits per dimension if gray levels are dequantized. The squared error is in squared data units.",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "elbo" },
      samples: {
        type: "integer",
        minimum: 1,
        maximum: 1000,
        default: 10,
        description: "Posterior samples per example",
      },
    },
  },
  formula: "elbo = -(distortion + rate); squaredError = E_q || x - E[x | z] ||^2",
  source: "Kingma & Welling 2014, eq. 3; rate and distortion: Alemi et al. 2018",
  figures,
  planes: [
    {
      x: { figure: "rate", better: "lower" },
      y: { figure: "distortion" },
      reading: "Codes get shorter to the left, reconstructions better downwards",
      equalSum: {
        title: "equal ELBO",
        sign: -1,
        reading: "The ELBO is constant along the dashed line and better to the lower left",
      },
    },
  ],
  create: ({ samples }) => ({
    evaluate: async (context) => {
      const { size } = context;
      const { values, discrete } = await termsOf(context, samples);
      const meanOf = (figure: string, found: Float32Array): Measured => ({
        figure,
        value: mean(found),
        standardError: standardError(found),
        n: size,
        k: samples,
        perExample: found,
      });
      const measured = (["rate", "distortion", "elbo"] as const).map((figure): Measured => {
        const found = values[figure];
        return found ? meanOf(figure, found) : { figure, value: null, n: size, note: NO_DENSITY };
      });
      const parts = Object.keys(context.model.latents).flatMap((latent): Measured[] => {
        const found = values[PART + latent];
        return found ? [{ ...meanOf("latentRate", found), latent }] : [];
      });
      const outputs = Object.keys(outputsOf(context.model));
      const isSingle = outputs.length === 1;
      const ofOutputs = outputs.flatMap((field): Measured[] => {
        const found = values[DISTORTION + field];
        return found ? [{ ...meanOf("outputDistortion", found), field }] : [];
      });
      const errors = outputs.flatMap((field): Measured[] => {
        const found = values[ERROR + field];
        return found ? [{ ...meanOf("squaredError", found), ...(!isSingle && { field }) }] : [];
      });
      const bound = measured[2]!;
      const negated = { ...bound, value: bound.value === null ? null : -bound.value };
      return {
        measurements: [
          ...measured,
          ...parts,
          ...ofOutputs,
          ...inBits(context, negated, discrete, "bitsPerDimension.elbo"),
          ...errors,
        ],
      };
    },
  }),
});
