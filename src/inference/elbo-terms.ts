/**
 * The pieces of every bound on log p(x), from a model's sites: per example, in nats, nothing averaged over the batch.
 *
 *     distortion   -E_q log p(x | z)          [B]
 *     rate         sum over sites of KL(q || p) [B]
 *     importance   log p(x, z) - log q(z | x)  [S, B], whose logsumexp minus log(draws) is the importance-weighted bound
 *
 * An enumerated site contributes the exact sum over its support instead of draws: expectations weigh by q, and the
 * importance-weighted bound sums p without dividing by q.
 */

import type { CallContext, Values } from "../contracts/call-context.js";
import type { Distribution } from "../contracts/distribution.js";
import type { Site } from "../contracts/inferred.js";
import type { Model } from "../contracts/model.js";
import { VaelabError } from "../errors.js";
import type { Batch, Shape } from "../tensor/fields.js";
import { sumEvent } from "../tensor/mathematics.js";
import { type Tensor, tf } from "../tensor/tensor.js";

export interface ElboTerms {
  likelihood: Distribution;
  /** [S, B]. */
  logLikelihood: Tensor;
  /** [S, B]; exp of it sums to 1 over the sample axis. */
  logWeights: Tensor;
}

export const valuesOf = (sites: readonly Site[]): Values =>
  Object.fromEntries(sites.map((site) => [site.name, site.value]));

const sum = (tensors: readonly Tensor[]): Tensor => tensors.reduce((total, tensor) => tf.add(total, tensor));

/** @param samples the draws that `infer` was asked for; enumerated sites multiply the sample axis beyond it. */
export const elboTerms = (
  model: Model,
  batch: Batch,
  sites: readonly Site[],
  samples: number,
  context: CallContext,
): ElboTerms => {
  const likelihood = model.generate(valuesOf(sites), context, batch.fields);
  const x = batch.fields[model.modeled];
  if (!x) throw new Error(`the batch lacks the field "${model.modeled}"`);
  const mask = batch.observed?.[model.modeled];
  const logLikelihood = mask ? logProbOfObserved(likelihood, x, mask) : likelihood.logProb(x);
  return { likelihood, logLikelihood, logWeights: logWeightsOf(sites, samples, logLikelihood.shape) };
};

/** log p of the elements that are there, the others summed out: what factorizes has no more to it than leaving them out. */
const logProbOfObserved = (likelihood: Distribution, x: Tensor, mask: Tensor): Tensor => {
  if (!likelihood.logProbElements) {
    throw new VaelabError("SPEC_COMBINATION", {
      message: "values are missing in the data, and this likelihood does not come apart by element",
      where: "/model/likelihood",
      remedy: "Choose one of independent elements, or fill the values in.",
    });
  }
  return sumEvent(tf.mul(likelihood.logProbElements(x), mask), likelihood.eventShape.length);
};

/** What each value of the sample axis weighs in an expectation, [S, B]; exp of it sums to 1 over that axis. */
export const logWeightsOf = (sites: readonly Site[], samples: number, shape: Shape): Tensor => {
  const enumerated = sites.filter((site) => site.enumerated).map((site) => site.logQ);
  return sum([tf.fill([...shape], -Math.log(samples)), ...enumerated]);
};

/** E_q of values [S, B, ...] → [B, ...], the dots of rank `elementRank`; values [B, ...] are an expectation already. */
export const expectation = (values: Tensor, { logWeights }: Pick<ElboTerms, "logWeights">, elementRank = 0): Tensor => {
  if (values.rank === 1 + elementRank) return values;
  const weights = tf.exp(logWeights);
  const spread = elementRank === 0 ? weights : tf.reshape(weights, [...weights.shape, ...Array(elementRank).fill(1)]);
  return tf.sum(tf.mul(spread, values), 0);
};

/**
 * E_q[z] of one of the sites, [B, ...site shape]: the mean of its q, where it has one, else that of its values; averaged over
 * what it was given of other sites.
 */
export const posteriorMean = ({ q, value }: Site, sites: readonly Site[], samples: number): Tensor => {
  const logWeights = logWeightsOf(sites, samples, value.shape.slice(0, 2));
  return expectation(q.mean ? q.mean() : value, { logWeights }, q.eventShape.length);
};

export const distortionOf = (evidence: ElboTerms): Tensor => tf.neg(expectation(evidence.logLikelihood, evidence));

export const rateOf = (sites: readonly Site[], evidence: ElboTerms): Tensor =>
  sum(sites.map((site) => expectation(site.kl(), evidence)));

/** log of p(x, z) / q(z | x), whose enumerated sites are summed over rather than divided by. */
export const logImportanceWeights = (sites: readonly Site[], { logLikelihood }: ElboTerms): Tensor =>
  sum([logLikelihood, ...sites.map(({ enumerated, logP, logQ }) => (enumerated ? logP : tf.sub(logP, logQ)))]);
