/**
 * The negative log-likelihood of a model whose codes come from the density r(z) of a sampler, fitted to the training codes, instead of
 * from its prior: -log p_r(x), p_r(x) = int r(z) p(x | z) dz. It is estimated with the draws and the encoder of `iwae-nll`, so both
 * figures of a model differ by the density alone, and are equal where r is the prior. It is the likelihood of another generative
 * model, whose training saw the codes of the training split only.
 *
 * A sampler is fitted to posterior means. Where draws of q spread beyond them, r gives the draws little density: compare it with the
 * sampler `aggregate-posterior`, whose density is of draws.
 */
import type { Measured, SampleSource } from "../../contracts/measurement.js";
import type { ExPostDensity, MetricContext } from "../../contracts/metric.js";
import { append } from "../../numerics/lists.js";
import { mean, median, standardError } from "../../numerics/statistics.js";
import { defineMetric } from "../../spec/define.js";
import { inBits } from "./bits.js";
import { importanceEstimate, TRUSTED_SAMPLE_SIZE } from "./importance-estimate.js";

const NLL = "exPostNll";
const SAMPLE_SIZE = "exPostEffectiveSampleSize";

const measure = async (context: MetricContext, samples: number, density: ExPostDensity): Promise<Measured[]> => {
  const { size, canRefit } = context;
  const set: SampleSource = { sampler: density.sampler, output: "draws" };
  const shared = { set, encoder: canRefit ? "refitted" : "training", n: size, k: samples } as const;
  const nothing = (note: string): Measured[] =>
    [NLL, SAMPLE_SIZE].map((figure) => ({ ...shared, figure, value: null, note }));
  const fitted = await density.learn();
  if (typeof fitted === "string") return nothing(fitted);
  const found = await importanceEstimate(context, samples, canRefit ? "refitted" : "trained", fitted);
  if (!found) return nothing("the posterior is a point mass: it has no density, hence no importance weights");
  const typical = median(found.effectiveSampleSize);
  const nll: Measured = {
    ...shared,
    figure: NLL,
    value: mean(found.nll),
    standardError: standardError(found.nll),
    ...(typical < TRUSTED_SAMPLE_SIZE && { bound: "upper" }),
    note: `median effective sample size ${typical.toFixed(1)}`,
    perExample: found.nll,
  };
  return [
    nll,
    ...inBits(context, nll, found.discrete, `bitsPerDimension.${NLL}`),
    { ...shared, figure: SAMPLE_SIZE, value: typical },
  ];
};

const shared = { section: "likelihood", by: ["set"], k: "importance samples per example" } as const;
const BOUND = `a median effective sample size below ${TRUSTED_SAMPLE_SIZE}`;

export const exPostNll = defineMetric({
  schema: {
    type: "object",
    title: "Negative log-likelihood with the density of a sampler in the place of the prior",
    description:
      "One figure for each sampler of evaluation.samplers that has a density, by importance sampling; also in bits per dimension if gray levels are dequantized.",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "ex-post-nll" },
      samples: {
        type: "integer",
        minimum: 1,
        maximum: 100000,
        default: 500,
        description: "Importance samples per example (k)",
      },
    },
  },
  formula: "NLL = -log 1/k sum_k p(x | z_k) r(z_k) / q(z_k | x), z_k ~ q(z | x), r the density of the sampler",
  source: "Burda et al. 2016, eq. 8; ex-post densities: Ghosh et al. 2020, section 4",
  requires: () => [
    {
      kind: "posterior",
      capability: "density",
      reason: "Importance weights divide by q(z | x): choose diagonal-gaussian, or take the metric out",
    },
    {
      kind: "sampler",
      capability: "density",
      reason: "The density stands for the prior: add one such as gaussian-mixture, kde or flow to evaluation.samplers",
    },
  ],
  figures: {
    [NLL]: {
      title: "NLL, ex-post",
      unit: "nats",
      better: "lower",
      ...shared,
      reading:
        "NLL with a density that was fitted to the training codes instead of the prior. Lower is better. Where it is below the NLL, the prior is not what the codes follow.",
      bound: BOUND,
    },
    [`bitsPerDimension.${NLL}`]: {
      title: "bits per dimension, NLL, ex-post",
      unit: "bits",
      better: "lower",
      ...shared,
      reading: "Ex-post NLL of the gray levels, in bits per dimension. Lower is better.",
      bound: BOUND,
    },
    [SAMPLE_SIZE]: {
      title: "effective sample size, ex-post",
      unit: "draws",
      better: "higher",
      prominence: "detail",
      ...shared,
      reading: `Median effective number of the k importance samples. Below ${TRUSTED_SAMPLE_SIZE} the ex-post NLL is only an upper bound.`,
    },
  },
  create: ({ samples }) => ({
    evaluate: async (context) => {
      const measurements: Measured[] = [];
      for (const density of context.sampling.densities) append(measurements, await measure(context, samples, density));
      return { measurements };
    },
  }),
});
