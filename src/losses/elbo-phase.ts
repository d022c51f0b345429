/** The phase of an objective that weighs the two terms of the ELBO: distortion and rate. */
import type { Phase, StepContext, Terms } from "../contracts/objective.js";
import { distortionOf, type ElboTerms, elboTerms, rateOf, weightedDistortionOf } from "../inference/elbo-terms.js";
import { rowValues, type TermWeights, withScores } from "../inference/score-gradients.js";
import { rowScores, scoredDraws } from "../inference/scored-draws.js";
import { type Scalar, stopGradient, type Tensor, tf } from "../tensor/tensor.js";
import { BASELINE_FIGURES, type Baseline } from "./baseline.js";
import { distortionByField, klByLatent } from "./logged-rate.js";

export interface Weighed {
  loss: Scalar;
  terms?: Readonly<Record<string, Scalar>>;
}
export interface ElboPhase extends Pick<Phase, "name" | "figures"> {
  samples: number;
  /** Scores draws against it, which then need no gradient. */
  baseline?: Baseline | undefined;
  /** Weights of the two terms in the loss, of which the signal of a draw that is scored is made. */
  weightsOf(step: StepContext): TermWeights;
  /** The loss, from both terms averaged over the batch; the distortion with each output at its weight. */
  weigh(step: StepContext, terms: { distortion: Scalar; rate: Scalar; pieces: ElboTerms }): Weighed;
}

const mean = (perExample: Tensor): Scalar => tf.mean(perExample);

interface Estimate {
  pieces: ElboTerms;
  /** 0 with a gradient. */
  added?: Scalar;
  terms?: Terms["terms"];
}
const estimate = (step: StepContext, { samples, baseline, weightsOf }: ElboPhase): Estimate => {
  const { model, batch } = step;
  if (!baseline) return { pieces: elboTerms(model, batch, step.infer(samples), step.call("generate")) };
  const scored = scoredDraws(step, samples);
  if (!step.training) return scored;
  const signals = stopGradient(rowValues(scored.pieces, weightsOf(step)));
  const { baseline: taken, scale, loss, squaredError } = baseline(step, signals);
  const held = withScores(scored.pieces, tf.div(rowScores(scored), scale), taken);
  return {
    pieces: held.pieces,
    added: tf.add<Scalar>(mean(held.taken), loss),
    terms: { baselineError: squaredError },
  };
};

/** The distortion with each output at its weight, and without the weights: as it is logged. */
const meanDistortions = (pieces: ElboTerms): { weighted: Scalar; distortion: Scalar } => {
  const distortion = mean(distortionOf(pieces));
  const isPlain = pieces.weightedLogLikelihood === pieces.logLikelihood;
  return { distortion, weighted: isPlain ? distortion : mean(weightedDistortionOf(pieces)) };
};

export const elboPhase = (options: ElboPhase): Phase => ({
  name: options.name,
  every: 1,
  variables: () => true,
  figures: { ...BASELINE_FIGURES, ...options.figures },
  terms: (step) => {
    const { pieces, added, terms: ofEstimate } = estimate(step, options);
    const { weighted, distortion } = meanDistortions(pieces);
    const rate = mean(rateOf(pieces));
    const { loss, terms } = options.weigh(step, { distortion: weighted, rate, pieces });
    return {
      loss: added ? tf.add(loss, added) : loss,
      terms: { distortion, rate, ...terms, ...ofEstimate },
      byLatent: klByLatent(pieces),
      byField: distortionByField(pieces),
    };
  },
});

/** The distortion alone: of a posterior without density there is no rate. */
export const autoencoderPhase = (samples: number): Phase => ({
  name: "elbo",
  every: 1,
  variables: () => true,
  terms: (step) => {
    const pieces = elboTerms(step.model, step.batch, step.infer(samples), step.call("generate"));
    const { weighted, distortion } = meanDistortions(pieces);
    return { loss: weighted, terms: { distortion }, byField: distortionByField(pieces) };
  },
});

/** Weights of the bound itself but for that of the rate. */
export const ratedAt = (rate: Scalar): TermWeights => ({ distortion: tf.scalar(1), rate });
