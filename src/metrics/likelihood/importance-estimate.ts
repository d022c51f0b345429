/** Importance-sampling estimate of -log p(x) for every example, block by block, with its effective sample size. */
import type { CodeDensity, MetricContext } from "../../contracts/metric.js";
import { evaluationCall } from "../../inference/call.js";
import { elboTerms, logImportanceWeights } from "../../inference/elbo-terms.js";
import { isSingular } from "../../inference/site.js";
import { WeightSums } from "../../numerics/weight-sums.js";
import { densityBuffer, likelihoodRatios } from "./density-buffer.js";

/** Draws per block and call. Fixed, so that the draws do not depend on the available memory. */
const CHUNK = 10;
/** A median effective sample size below it marks an estimate as an upper bound. */
export const TRUSTED_SAMPLE_SIZE = 10;

export interface Estimate {
  /** Per example, in nats. */
  nll: Float32Array;
  effectiveSampleSize: Float32Array;
  /** The likelihood is a mass, not a density. */
  discrete: boolean;
  /** Whether the posterior of some latent, or of every one, is certain of a value: the estimate is then a bound for any number of draws. */
  certain: "some" | "every" | undefined;
}

/**
 * Undefined if the posterior has no density.
 * @param samples draws per example
 * @param density stands for the prior: weights are p(x | z) r(z) / q(z | x) at the same draws
 */
export const importanceEstimate = async (
  { model, size, blocks }: MetricContext,
  samples: number,
  proposal: "trained" | "refitted",
  density?: CodeDensity,
): Promise<Estimate | undefined> => {
  const sums = new WeightSums(size);
  const replaced = density && densityBuffer(density, (example, logWeight) => sums.add(example, logWeight));
  let singular = false;
  let discrete = false;
  let certain: Estimate["certain"];
  await blocks({
    name: `iwae-nll/${proposal}`,
    proposal,
    repeats: Math.ceil(samples / CHUNK),
    body: (batch, noise, refitted) => {
      const inferred = model.infer(batch, {
        ...evaluationCall(noise.fork("infer")),
        samples: CHUNK,
        ...(refitted && { proposal: refitted }),
      });
      singular = isSingular(inferred);
      if (singular) return {};
      const posteriors = Object.values(inferred.sites).map(({ q }) => q.certain === true);
      certain = posteriors.every(Boolean) ? "every" : posteriors.some(Boolean) ? "some" : undefined;
      const terms = elboTerms(model, batch, inferred, evaluationCall(noise.fork("generate")));
      discrete = terms.likelihoods[model.modeled]?.discrete === true;
      return replaced ? likelihoodRatios(model, terms) : { logWeights: logImportanceWeights(terms) };
    },
    receive: async ({ logWeights, codes }, { start, size: rows, repeat }) => {
      if (!logWeights) return;
      // An enumerated site multiplies the sample axis: draws then come in groups, which are kept or dropped as a whole.
      const perDraw = logWeights.shape[0]! / CHUNK;
      const wanted = Math.min(CHUNK, samples - repeat * CHUNK) * perDraw;
      const found = logWeights.data.subarray(0, wanted * rows);
      if (replaced && codes) await replaced.add(found, codes, { start, rows });
      else for (const [at, logWeight] of found.entries()) sums.add(start + (at % rows), logWeight);
    },
  });
  await replaced?.flush();
  return singular ? undefined : { ...sums.estimate(samples), discrete, certain };
};
