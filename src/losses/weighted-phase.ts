/** The phase of an objective whose bound is made of importance weights. */
import type { Phase, Terms } from "../contracts/objective.js";
import type { ElboTerms } from "../inference/elbo-terms.js";
import { type Estimator, estimatedWeights } from "../inference/estimated-weights.js";
import { fitOfSummed, type Groups, importanceBound, normalizedWeights, ungrouped } from "../inference/importance.js";
import { type Scalar, type Tensor, tf } from "../tensor/tensor.js";
import { loggedElbo } from "./logged-rate.js";

export interface WeightedPhase extends Groups {
  name: string;
  estimator: Estimator;
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

export const weightedPhase = (options: WeightedPhase): Phase => {
  const { name, groups, draws, estimator, factorOf = (weights) => weights, variables = () => true } = options;
  return {
    name,
    every: 1,
    variables,
    terms: (step) => {
      const factor = (logWeights: Tensor) => ungrouped(factorOf(normalizedWeights(logWeights, options)));
      const { pieces, logWeights } = estimatedWeights(step, groups * draws, estimator, factor);
      return termsOf(options, pieces, logWeights);
    },
  };
};
