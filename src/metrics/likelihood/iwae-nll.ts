/**
 * The negative log-likelihood by importance sampling (Burda et al. 2016, eq. 8): -log 1/k sum_k p(x, z_k) / q(z_k | x), an
 * upper bound in expectation that falls to the truth as k grows. Asked twice: with the encoder that trained the model, which is a
 * poor proposal unless beta was 1, and with a copy refitted at beta 1 against the frozen decoder and prior. The effective
 * sample size (sum w)^2 / sum w^2 says how far to trust it: a median below 10 marks the figure as an upper bound. Of dequantized
 * gray levels also in bits a dimension: "bitsPerDimension.nll" and "bitsPerDimension.nllTrainingEncoder".
 */
import type { Figure, MetricContext } from "../../contracts/metric.js";
import { elboTerms, logImportanceWeights } from "../../inference/elbo-terms.js";
import { isSingular } from "../../inference/site.js";
import { mean, median, standardError } from "../../numerics/statistics.js";
import { defineMetric } from "../../spec/define.js";
import { inBits } from "./bits.js";

/** Draws a block and call; a fixed unit, so that the draws do not depend on how the memory was cut. */
const CHUNK = 10;
const TRUSTED_SAMPLE_SIZE = 10;

interface Estimate {
  /** By example, in nats. */
  nll: Float32Array;
  effectiveSampleSize: Float32Array;
  /** The likelihood is a mass, not a density. */
  discrete: boolean;
}

/** Running sums of w and w^2 by example, scaled by the largest log-weight so far. */
class WeightSums {
  private readonly largest: Float64Array;
  private readonly total: Float64Array;
  private readonly squares: Float64Array;

  constructor(size: number) {
    this.largest = new Float64Array(size).fill(Number.NEGATIVE_INFINITY);
    this.total = new Float64Array(size);
    this.squares = new Float64Array(size);
  }

  add(example: number, logWeight: number): void {
    const largest = this.largest[example]!;
    if (logWeight > largest) {
      const shrink = Math.exp(largest - logWeight);
      this.total[example] = this.total[example]! * shrink + 1;
      this.squares[example] = this.squares[example]! * shrink * shrink + 1;
      this.largest[example] = logWeight;
    } else {
      const weight = Math.exp(logWeight - largest);
      this.total[example] = this.total[example]! + weight;
      this.squares[example] = this.squares[example]! + weight * weight;
    }
  }

  estimate(draws: number): Omit<Estimate, "discrete"> {
    return {
      nll: Float32Array.from(this.total, (total, i) => -(this.largest[i]! + Math.log(total / draws))),
      effectiveSampleSize: Float32Array.from(this.total, (total, i) => (total * total) / this.squares[i]!),
    };
  }
}

const estimate = async (
  { model, size, blocks }: MetricContext,
  samples: number,
  proposal: "trained" | "refitted",
): Promise<Estimate | undefined> => {
  const sums = new WeightSums(size);
  let singular = false;
  let discrete = false;
  await blocks({
    name: `iwae-nll/${proposal}`,
    proposal,
    repeats: Math.ceil(samples / CHUNK),
    body: (batch, noise, refitted) => {
      const inferred = model.infer(batch, {
        samples: CHUNK,
        training: false,
        noise: noise.fork("infer"),
        ...(refitted && { proposal: refitted }),
      });
      singular = isSingular(inferred);
      if (singular) return {};
      const terms = elboTerms(model, batch, inferred, { training: false, noise: noise.fork("generate") });
      discrete = terms.likelihood.discrete === true;
      return { logWeights: logImportanceWeights(terms) };
    },
    receive: ({ logWeights }, { start, size: rows, repeat }) => {
      if (!logWeights) return;
      // An enumerated site makes the sample axis longer: draws then come in groups that are wanted or not together.
      const perDraw = logWeights.shape[0]! / CHUNK;
      const wanted = Math.min(CHUNK, samples - repeat * CHUNK) * perDraw;
      for (let s = 0; s < wanted; s++)
        for (let i = 0; i < rows; i++) sums.add(start + i, logWeights.data[s * rows + i]!);
    },
  });
  return singular ? undefined : { ...sums.estimate(samples), discrete };
};

const figure = (found: Estimate | undefined, size: number, samples: number): Figure => {
  if (!found)
    return {
      value: null,
      unit: "nats",
      n: size,
      k: samples,
      note: "the posterior is a point mass: it has no density to weigh draws by",
    };
  const typical = median(found.effectiveSampleSize);
  const note = `median effective sample size ${typical.toFixed(1)}`;
  return {
    value: mean(found.nll),
    standardError: standardError(found.nll),
    unit: "nats",
    n: size,
    k: samples,
    note: typical < TRUSTED_SAMPLE_SIZE ? `upper bound: ${note}` : note,
  };
};

export const iwaeNll = defineMetric({
  schema: {
    type: "object",
    title: "Negative log-likelihood by importance sampling",
    description:
      "With the training encoder and with one refitted at beta 1, with the effective sample size; in bits a dimension too, of dequantized gray levels.",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "iwae-nll" },
      samples: { type: "integer", minimum: 1, maximum: 100000, default: 500, description: "draws an example (k)" },
    },
  },
  formula: "NLL = -log 1/k sum_k p(x, z_k) / q(z_k | x); effective sample size (sum w)^2 / sum w^2",
  source: "Burda et al. 2016, eq. 8",
  create: ({ samples }) => ({
    evaluate: async (context) => {
      const trained = await estimate(context, samples, "trained");
      const refitted = context.canRefit && trained ? await estimate(context, samples, "refitted") : undefined;
      const sizes = (found: Estimate | undefined): Figure => ({
        value: found ? median(found.effectiveSampleSize) : null,
        unit: "draws",
        n: context.size,
        k: samples,
        ...(!found && { note: "no importance weights" }),
      });
      const nats = {
        nllTrainingEncoder: figure(trained, context.size, samples),
        nll: refitted
          ? figure(refitted, context.size, samples)
          : {
              ...figure(trained, context.size, samples),
              ...(trained && { note: "by the training encoder: the spec asks for no refit" }),
            },
      };
      const bits = Object.entries(nats).flatMap(([name, nll]) => {
        const found = inBits(context, nll, trained?.discrete);
        return found ? [[`bitsPerDimension.${name}`, found] as const] : [];
      });
      return {
        figures: {
          ...nats,
          ...Object.fromEntries(bits),
          effectiveSampleSizeTrainingEncoder: sizes(trained),
          effectiveSampleSize: sizes(refitted ?? trained),
        },
        perExample: trained ? { nllTrainingEncoder: trained.nll, nll: (refitted ?? trained).nll } : {},
      };
    },
  }),
});
