/**
 * The terms of every bound on log p(x), from what a model inferred: per example, in nats, nothing averaged over the batch.
 *
 *     distortion   -E_q log p(x | z)          [B]
 *     rate         sum over sites of KL(q || p) [B]
 *     importance   log p(x, z) - log q(z | x)  [S, B], whose logsumexp minus log(draws) is the importance-weighted bound
 *
 * An enumerated site contributes the exact sum over its support instead of draws: expectations weigh by q, and the
 * importance-weighted bound sums p without dividing by q.
 */

import type { CallContext } from "../contracts/call-context.js";
import type { Distribution } from "../contracts/distribution.js";
import type { Inferred } from "../contracts/inferred.js";
import type { Model, ModelOutput } from "../contracts/model.js";
import { normalized } from "../distributions/sphere/geometry.js";
import { VaelabError } from "../errors.js";
import { mapValues } from "../numerics/records.js";
import type { Batch, Shape } from "../tensor/fields.js";
import { sumEvent } from "../tensor/mathematics.js";
import { type Tensor, tf } from "../tensor/tensor.js";
import { assertShape } from "./checks.js";
import { alongSamples } from "./sample-axis.js";
import { siteOf } from "./site.js";

export interface ElboTerms {
  inferred: Inferred;
  /** p(output | z), by field. */
  likelihoods: Readonly<Record<string, Distribution>>;
  /** ln p(output | z), by field: [S, B]. */
  logLikelihoods: Readonly<Record<string, Tensor>>;
  /** ln p(x | z), their sum: [S, B]. */
  logLikelihood: Tensor;
  /** The sum by the weights of the outputs, for losses: [S, B]. */
  weightedLogLikelihood: Tensor;
  /** [S, B]; exp of it sums to 1 over the sample axis. */
  logWeights: Tensor;
}

const sum = (tensors: readonly Tensor[]): Tensor => tensors.reduce((total, tensor) => tf.add(total, tensor));

/** What a model generates, by field. */
export const outputsOf = ({ outputs, modeled }: Pick<Model, "outputs" | "modeled">): Record<string, ModelOutput> => ({
  ...(outputs ?? { [modeled]: { weight: 1 } }),
});

/** @param inferred what `model.infer` returned for this batch */
export const elboTerms = (model: Model, batch: Batch, inferred: Inferred, context: CallContext): ElboTerms => {
  const values = mapValues(inferred.sites, ({ value }) => value);
  const outputs = outputsOf(model);
  const likelihoods = mapValues(outputs, (_, field) => model.generate(values, context, batch.fields, field));
  const logLikelihoods = mapValues(likelihoods, (likelihood, field) => logLikelihoodOf(likelihood, batch, field));
  const leading = Object.values(values)[0]?.shape.slice(0, 2);
  if (leading)
    for (const each of Object.values(logLikelihoods)) assertShape("the log-density of the likelihood", each, leading);
  const logLikelihood = sum(Object.values(logLikelihoods));
  const isWeighted = Object.values(outputs).some(({ weight }) => weight !== 1);
  const weighted = (): Tensor =>
    sum(Object.entries(logLikelihoods).map(([field, each]) => tf.mul(each, outputs[field]!.weight)));
  return {
    inferred,
    likelihoods,
    logLikelihoods,
    logLikelihood,
    weightedLogLikelihood: isWeighted ? weighted() : logLikelihood,
    logWeights: logWeightsOf(inferred, logLikelihood.shape),
  };
};

/** log p(output | z), of the observed elements where there is a mask: [S, B]. */
export const logLikelihoodOf = (likelihood: Distribution, { fields, observed }: Batch, output: string): Tensor => {
  const x = fields[output];
  if (!x) throw new Error(`the batch lacks the field "${output}"`);
  const mask = observed?.[output];
  return mask ? logProbOfObserved(likelihood, x, mask, output) : likelihood.logProb(x);
};

/** log p of the observed elements. The missing ones integrate to 1, so a likelihood that factorizes leaves them out. */
const logProbOfObserved = (likelihood: Distribution, x: Tensor, mask: Tensor, output: string): Tensor => {
  // A single value is there, or it is not.
  if (likelihood.eventShape.length === 0) return tf.mul(likelihood.logProb(x), mask);
  if (!likelihood.logProbElements) {
    throw new VaelabError("SPEC_COMBINATION", {
      message: `values are missing in the data, and this likelihood does not come apart by element: that of "${output}"`,
      remedy: "Choose one of independent elements, or fill the values in.",
    });
  }
  return sumEvent(tf.mul(likelihood.logProbElements(x), mask), likelihood.eventShape.length);
};

/** Log-weights of the values of the sample axis in an expectation, [S, B]; their exp sums to 1 over that axis. */
export const logWeightsOf = ({ sites, samples }: Inferred, shape: Shape): Tensor => {
  const enumerated = Object.values(sites)
    .filter((site) => site.enumerated)
    .map((site) => site.logQ);
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
 * What stands for one latent's q, [B, ...site shape]: its mean, its center where the mean lies outside the support or is not known, or
 * its draws; averaged over the values of the latents that q depends on, within the support.
 * @throws CONTRACT where the model inferred no such latent
 */
export const posteriorMean = (inferred: Inferred, latent: string): Tensor => {
  const { q, value, support } = siteOf(inferred, latent);
  const { length: rank } = q.eventShape;
  const logWeights = logWeightsOf(inferred, value.shape.slice(0, 2));
  const mean = q.center?.() ?? q.mean?.() ?? value;
  // A latent that is summed over after this one lengthened the sample axis.
  const whole = mean.rank === 2 + rank ? alongSamples(mean, value.shape[0]!) : mean;
  const average = expectation(whole, { logWeights }, rank);
  // The average of unit vectors lies inside the sphere.
  return support === "sphere" ? normalized(average) : average;
};

/** The posterior means of these latents side by side, all of them in the order of `model.latents` if not given: [B, dimensions]. */
export const posteriorMeans = (
  model: Model,
  inferred: Inferred,
  latents: readonly string[] = Object.keys(model.latents),
): Tensor => {
  const means = latents.map((latent) => posteriorMean(inferred, latent));
  return tf.concat(
    means.map((mean) => tf.reshape(mean, [mean.shape[0]!, -1])),
    1,
  );
};

/** -E_q log p(x | z), [B]. */
export const distortionOf = (terms: ElboTerms): Tensor => tf.neg(expectation(terms.logLikelihood, terms));

/** The distortion of each output, [B] by field: they sum to the distortion. None where there is one output. */
export const distortionByOutput = (terms: ElboTerms): Readonly<Record<string, Tensor>> => {
  const { logLikelihoods } = terms;
  if (Object.keys(logLikelihoods).length < 2) return {};
  return mapValues(logLikelihoods, (logLikelihood) => tf.neg(expectation(logLikelihood, terms)));
};

/** The distortion with each output at its weight, [B]: what a loss minimizes. */
export const weightedDistortionOf = (terms: ElboTerms): Tensor =>
  tf.neg(expectation(terms.weightedLogLikelihood, terms));

/** The sum over the latents of KL(q || p), [B]. */
export const rateOf = (terms: ElboTerms): Tensor =>
  sum(Object.values(terms.inferred.sites).map((site) => expectation(site.kl(), terms)));

/** KL(q || p) of each dimension of one latent, [B, ...site shape]; undefined where it does not come apart by dimension. */
export const klByDimension = (inferred: Inferred, latent: string): Tensor | undefined => {
  const { q, value, klElements } = siteOf(inferred, latent);
  if (!klElements) return undefined;
  const { length: rank } = q.eventShape;
  const logWeights = logWeightsOf(inferred, value.shape.slice(0, 2));
  const elements = klElements();
  const whole = elements.rank === 2 + rank ? alongSamples(elements, value.shape[0]!) : elements;
  return expectation(whole, { logWeights }, rank);
};

/** log p(x, z) - log q(z | x), [S, B]: enumerated latents are summed over rather than divided by. */
export const logImportanceWeights = ({ inferred, logLikelihood }: ElboTerms): Tensor => {
  const ratios = Object.values(inferred.sites).map(({ enumerated, logP, logQ }) =>
    enumerated ? logP : tf.sub(logP, logQ),
  );
  return sum([logLikelihood, ...ratios]);
};

/** The same with each output at its weight: what a loss maximizes. */
export const weightedLogImportanceWeights = (terms: ElboTerms): Tensor =>
  logImportanceWeights({ ...terms, logLikelihood: terms.weightedLogLikelihood });
