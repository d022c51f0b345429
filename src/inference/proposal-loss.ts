/** What a proposal minimizes while the model stays as it is: the negative ELBO at beta 1, outputs unweighted. */
import type { StepContext } from "../contracts/objective.js";
import { gradientAlone, type Scalar, stopGradient, tf } from "../tensor/tensor.js";
import { evaluationCall } from "./call.js";
import { distortionOf, elboTerms, rateOf } from "./elbo-terms.js";
import { leaveOneOut, rowValues, withScores } from "./score-gradients.js";
import { siteOf } from "./site.js";

/** Draws of an example where some have no gradient: each is held against the others. */
const SCORED_DRAWS = 4;

/** Draws without a gradient move the proposal by their scores, all others by their own gradient. */
export const proposalLoss = (step: StepContext): Scalar => {
  const { model, batch } = step;
  const { unrelaxed = [] } = model;
  const context = evaluationCall(step.noise.fork("generate"));
  const draws = unrelaxed.length > 0 ? SCORED_DRAWS : 1;
  const drawn = elboTerms(model, batch, step.infer(draws), context);
  if (unrelaxed.length === 0) return tf.mean(tf.add(distortionOf(drawn), rateOf(drawn)));
  const score = gradientAlone(tf.addN(unrelaxed.map((latent) => siteOf(drawn.inferred, latent).logQ)));
  const unweighted = { ...drawn, weightedLogLikelihood: drawn.logLikelihood };
  const values = stopGradient(rowValues(unweighted, { distortion: tf.scalar(1), rate: tf.scalar(1) }));
  const { pieces, taken } = withScores(drawn, score, leaveOneOut(values, draws));
  return tf.mean(tf.add(tf.add(distortionOf(pieces), rateOf(pieces)), taken));
};
