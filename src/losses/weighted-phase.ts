/** The phase of an objective whose bound is made of importance weights. */
import type { Phase, StepContext, Terms } from "../contracts/objective.js";
import type { ElboTerms } from "../inference/elbo-terms.js";
import { type Estimator, estimatedWeights } from "../inference/estimated-weights.js";
import {
  fitOfSummed,
  type Groups,
  grouped,
  importanceBound,
  normalizedWeights,
  ungrouped,
} from "../inference/importance.js";
import { drawScores, scoredDraws } from "../inference/scored-draws.js";
import { type Scalar, stopGradient, type Tensor, tf } from "../tensor/tensor.js";
import { BASELINE_FIGURES } from "./baseline.js";
import type { Signals } from "./draw-signals.js";
import { loggedElbo } from "./logged-rate.js";

export interface WeightedPhase extends Groups {
  name: string;
  /** How the encoder learns from the draws. */
  gradient: Estimator | Signals;
  /** The bound, [B]: the mean over the groups of their importance-weighted bounds, if not given. */
  boundOf?(logWeights: Tensor, pieces: ElboTerms): Tensor;
  /** The factor of `dreg`, from the weights as `normalizedWeights` gives them: these, if not given. */
  factorOf?(weights: Tensor): Tensor;
  /** Whether the bound depends on q of latents that are summed over. */
  movesSummed?: true;
  /** All of them, if not given. */
  variables?(name: string): boolean;
}

/** The negative bound, averaged over the batch. */
const termsOf = (options: WeightedPhase, pieces: ElboTerms, logWeights: Tensor): Terms => {
  const bound: Scalar = tf.mean(options.boundOf?.(logWeights, pieces) ?? importanceBound(logWeights, options));
  const fit = options.movesSummed ? undefined : fitOfSummed(pieces, normalizedWeights(logWeights, options));
  const { terms, ...apart } = loggedElbo(pieces);
  return {
    loss: fit ? tf.sub(tf.mean<Scalar>(fit), bound) : tf.neg(bound),
    terms: { bound, ...terms },
    ...apart,
  };
};

/** The same with the gradient of draws that are scored. */
const scoredTerms = (options: WeightedPhase, signals: Signals, step: StepContext): Terms => {
  const scored = scoredDraws(step, options.groups * options.draws);
  const own = termsOf(options, scored.pieces, scored.logWeights);
  if (!step.training) return own;
  const scores = drawScores(scored);
  const [draws, batch] = scores.shape as [number, number];
  const byDraw = tf.logSumExp(tf.reshape(stopGradient(scored.logWeights), [draws, -1, batch]), 1);
  const { signals: each, loss, terms } = signals(step, grouped(byDraw, options));
  const learned = tf.mean<Scalar>(tf.sum(tf.mul(each, grouped(scores, options)), 1));
  const total = tf.sub<Scalar>(own.loss, learned);
  return { ...own, loss: loss ? tf.add(total, loss) : total, terms: { ...own.terms, ...terms } };
};

export const weightedPhase = (options: WeightedPhase): Phase => {
  const { name, groups, draws, gradient, factorOf = (weights) => weights, variables = () => true } = options;
  return {
    name,
    every: 1,
    variables,
    figures: BASELINE_FIGURES,
    terms: (step) => {
      if (typeof gradient === "function") return scoredTerms(options, gradient, step);
      const factor = (logWeights: Tensor) => ungrouped(factorOf(normalizedWeights(logWeights, options)));
      const { pieces, logWeights } = estimatedWeights(step, groups * draws, gradient, factor);
      return termsOf(options, pieces, logWeights);
    },
  };
};
