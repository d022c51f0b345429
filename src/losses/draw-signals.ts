/** How much the score of each draw counts in an importance-weighted bound, by estimator. */
import type { StepContext } from "../contracts/objective.js";
import { vimcoSignals } from "../inference/vimco.js";
import { type Scalar, type Tensor, tf } from "../tensor/tensor.js";
import type { Baseline } from "./baseline.js";

export interface Signalled {
  /** Broadcasts against [M, K, B]. */
  signals: Tensor;
  /** 0 with a gradient, to be added to the loss. */
  loss?: Scalar;
  terms?: Readonly<Record<string, Scalar>>;
}
/** @param logWeights of each draw, [M, K, B]: M groups of K draws, without a gradient. Called once in a step. */
export type Signals = (step: StepContext, logWeights: Tensor) => Signalled;

export const vimco: Signals = (_, logWeights) => ({ signals: vimcoSignals(logWeights) });

/** The bound of the group against a learned baseline, the same for each of its draws. */
export const nvil =
  (baseline: Baseline): Signals =>
  (step, logWeights) => {
    const bounds = tf.sub(tf.logSumExp(logWeights, 1, true), Math.log(logWeights.shape[1]!));
    const centered = baseline(step, bounds);
    return {
      signals: tf.div(tf.sub(bounds, centered.baseline), centered.scale),
      loss: centered.loss,
      terms: { baselineError: centered.squaredError },
    };
  };
