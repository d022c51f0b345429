/**
 * The negative log-likelihood by importance sampling (Burda et al. 2016, eq. 8): -log 1/k sum_k p(x, z_k) / q(z_k | x), in
 * nats per example. In expectation it is an upper bound that converges to the true value as k grows. It is estimated with the
 * training encoder, a poor proposal unless beta was 1, and with a copy refitted at beta 1 to the frozen decoder and prior.
 * The effective sample size (sum w)^2 / sum w^2 measures the quality of the proposal: a median below 10 marks the estimate as
 * an upper bound. With dequantized gray levels also in bits per dimension: "bitsPerDimension.nll" and
 * "bitsPerDimension.nllTrainingEncoder".
 */
import type { EncoderName, FigureDefinitions, Measured } from "../../contracts/measurement.js";
import { mean, median, standardError } from "../../numerics/statistics.js";
import { defineMetric } from "../../spec/define.js";
import { inBits } from "./bits.js";
import { type Estimate, importanceEstimate, TRUSTED_SAMPLE_SIZE } from "./importance-estimate.js";

const NO_DENSITY = "the posterior is a point mass: it has no density, hence no importance weights";
const CERTAIN = {
  every: "the posterior is certain of its codes, so this is the negative ELBO, and more draws do not tighten it",
  some: "the posterior of a latent is certain of its codes, so more draws do not make this the likelihood",
};
const NO_REFIT = "by the training encoder, because the spec asks for no refit";

const nllOf = (
  figure: string,
  encoder: EncoderName,
  found: Estimate | undefined,
  size: number,
  k: number,
): Measured => {
  if (!found) return { figure, encoder, value: null, n: size, k, note: NO_DENSITY };
  const { certain } = found;
  const typical = median(found.effectiveSampleSize);
  const drawn = `median effective sample size ${typical.toFixed(1)}`;
  return {
    figure,
    encoder,
    value: mean(found.nll),
    standardError: standardError(found.nll),
    n: size,
    k,
    ...((certain || typical < TRUSTED_SAMPLE_SIZE) && { bound: "upper" }),
    note: certain === "every" ? CERTAIN.every : certain ? `${drawn}; ${CERTAIN.some}` : drawn,
    perExample: found.nll,
  };
};

const sampleSizeOf = (
  figure: string,
  encoder: EncoderName,
  found: Estimate | undefined,
  size: number,
  k: number,
): Measured => {
  const known = found && found.certain !== "every";
  return {
    figure,
    encoder,
    value: known ? median(found.effectiveSampleSize) : null,
    n: size,
    k,
    ...(!known && { note: found ? "all draws are the same" : "no importance weights" }),
  };
};

const k = "importance samples per example";
const nats = { unit: "nats", better: "lower", section: "likelihood", k } as const;
const bits = { unit: "bits", better: "lower", section: "likelihood", k } as const;
const draws = { unit: "draws", better: "higher", section: "likelihood", k, prominence: "detail" } as const;
const BOUND = `a median effective sample size below ${TRUSTED_SAMPLE_SIZE}, or a posterior that is certain of its codes`;
const WEIGHTS = `Median effective number of the k importance samples. Below ${TRUSTED_SAMPLE_SIZE} the NLL is only an upper bound.`;

const figures = {
  nllTrainingEncoder: {
    title: "NLL, training encoder",
    ...nats,
    reading:
      "Lower is better. Unless beta is 1, the training encoder is a poor proposal: do not rank settings by this figure.",
    bound: BOUND,
    chart: "nll",
  },
  nll: {
    title: "NLL",
    ...nats,
    reading:
      "Lower is better. Uses an encoder refitted at beta 1 to the frozen decoder and prior, so rank settings by this figure. The difference from the training encoder is due to the proposal, not the model.",
    prominence: "headline",
    bound: BOUND,
  },
  "bitsPerDimension.nllTrainingEncoder": {
    title: "bits per dimension, NLL, training encoder",
    ...bits,
    reading: "NLL of the gray levels under the training encoder, in bits per dimension. Lower is better.",
    bound: BOUND,
    chart: "bitsPerDimension.nll",
  },
  "bitsPerDimension.nll": {
    title: "bits per dimension, NLL",
    ...bits,
    reading: "NLL of the gray levels, in bits per dimension. Lower is better.",
    bound: BOUND,
  },
  effectiveSampleSizeTrainingEncoder: {
    title: "effective sample size, training encoder",
    ...draws,
    reading: WEIGHTS,
    chart: "effectiveSampleSize",
  },
  effectiveSampleSize: { title: "effective sample size", ...draws, reading: WEIGHTS },
} as const satisfies FigureDefinitions;

export const iwaeNll = defineMetric({
  schema: {
    type: "object",
    title: "Negative log-likelihood by importance sampling",
    description:
      "Computed with the training encoder and with one refitted at beta 1, each with its effective sample size; also in bits per dimension if gray levels are dequantized.",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "iwae-nll" },
      samples: {
        type: "integer",
        minimum: 1,
        maximum: 100000,
        default: 500,
        description: "Importance samples per example (k)",
      },
    },
  },
  formula: "NLL = -log 1/k sum_k p(x, z_k) / q(z_k | x); effective sample size = (sum w)^2 / sum w^2",
  source: "Burda et al. 2016, eq. 8",
  figures,
  create: ({ samples }) => ({
    evaluate: async (context) => {
      const { size } = context;
      const trained = await importanceEstimate(context, samples, "trained");
      // At beta 1 a rate without gradient leaves nothing to refit.
      const isRefitted = context.canRefit && trained && trained.certain !== "every";
      const refitted = isRefitted ? await importanceEstimate(context, samples, "refitted") : undefined;
      const encoder = refitted ? "refitted" : "training";
      const best = refitted ?? trained;
      const byTraining = nllOf("nllTrainingEncoder", "training", trained, size, samples);
      const found = nllOf("nll", encoder, best, size, samples);
      const nll =
        isRefitted || !trained || trained.certain === "every"
          ? found
          : { ...found, note: `${NO_REFIT}; ${found.note}` };
      return {
        measurements: [
          byTraining,
          nll,
          ...[byTraining, nll].flatMap((each) =>
            inBits(context, each, trained?.discrete, `bitsPerDimension.${each.figure}`),
          ),
          sampleSizeOf("effectiveSampleSizeTrainingEncoder", "training", trained, size, samples),
          sampleSizeOf("effectiveSampleSize", encoder, best, size, samples),
        ],
      };
    },
  }),
});
