/**
 * Draws that are scored: no gradient passes through a value, and the inference network learns from ln q of it. So a latent may be
 * discrete. A draw z of q(z; phi) gives the gradient of an expectation as (Williams 1992)
 *
 *     grad E_q [f(z)] = E_q [grad f(z) + f(z) grad ln q(z)]
 *
 * where f(z) may be less by anything that does not depend on z, a baseline.
 */
import type { Inferred, Site } from "../contracts/inferred.js";
import type { StepContext } from "../contracts/objective.js";
import { mapValues } from "../numerics/records.js";
import { gradientAlone, stopGradient, type Tensor, tf } from "../tensor/tensor.js";
import { type ElboTerms, elboTerms, weightedLogImportanceWeights } from "./elbo-terms.js";

export interface ScoredDraws {
  /** Terms at the draws. */
  pieces: ElboTerms;
  /** ln p(x, z), each output at its weight, [rows, B]. */
  logJoint: Tensor;
  /** ln q of all latents, [rows, B]. */
  logQ: Tensor;
  /** ln w, [rows, B]: ln p(x, z) less ln q of what was drawn. */
  logWeights: Tensor;
  /** By latent: the rows that differ. A draw stands in as many rows as a latent has values that is summed over after it. */
  different: Readonly<Record<string, number>>;
}

/** A value of a discrete distribution is drawn without a gradient, and so is one that is summed over. */
const hasGradient = ({ enumerated, q }: Site): boolean => !enumerated && !q.discrete;

const atFixedValues = (step: StepContext, inferred: Inferred): Inferred => {
  if (!Object.values(inferred.sites).some(hasGradient)) return inferred;
  const values = mapValues(inferred.sites, ({ value }) => stopGradient(value));
  return { ...step.inferAt(values, { summed: true }), samples: inferred.samples };
};

const sum = (sites: readonly Site[], of: (site: Site) => Tensor, like: Tensor): Tensor =>
  sites.reduce((total, site) => tf.add(total, of(site)), tf.zerosLike(like));

const sitesOf = ({ inferred }: ElboTerms): Site[] => Object.values(inferred.sites);
const drawnOf = (pieces: ElboTerms): Site[] => sitesOf(pieces).filter(({ enumerated }) => !enumerated);

/** @param draws of each example. Posteriors have to be evaluable. */
export const scoredDraws = (step: StepContext, draws: number): ScoredDraws => {
  const inferred = step.infer(draws);
  const pieces = elboTerms(step.model, step.batch, atFixedValues(step, inferred), step.call("generate"));
  const { weightedLogLikelihood } = pieces;
  const logP = sum(sitesOf(pieces), (site) => site.logP, weightedLogLikelihood);
  return {
    pieces,
    logJoint: tf.add(weightedLogLikelihood, logP),
    logQ: sum(sitesOf(pieces), (site) => site.logQ, weightedLogLikelihood),
    logWeights: weightedLogImportanceWeights(pieces),
    different: mapValues(inferred.sites, ({ q }) => (q.batchShape.length === 2 ? q.batchShape[0]! : draws)),
  };
};

/** 0 with the gradient of ln q of what was drawn, [rows, B]. */
export const rowScores = ({ pieces, logJoint }: ScoredDraws): Tensor =>
  gradientAlone(sum(drawnOf(pieces), ({ logQ }) => logQ, logJoint));

/** The same by draw, [draws, B], with each draw counted once. */
export const drawScores = ({ pieces, logJoint, different }: ScoredDraws): Tensor => {
  const { samples } = pieces.inferred;
  const [rows, batch] = logJoint.shape as [number, number];
  const once = ({ name, logQ }: Site): Tensor => tf.mul(logQ, different[name]! / rows);
  const scores = gradientAlone(sum(drawnOf(pieces), once, logJoint));
  return tf.sum(tf.reshape(scores, [samples, rows / samples, batch]), 1);
};
