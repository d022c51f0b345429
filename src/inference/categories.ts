/** Discrete latents as variables and their categories, whether their values are one-hot, zeros and ones, or stand for codes. */
import type { Inferred } from "../contracts/inferred.js";
import { sizeOf } from "../tensor/fields.js";
import { type Tensor, tf } from "../tensor/tensor.js";
import { expectation, logWeightsOf, posteriorMean } from "./elbo-terms.js";
import { siteOf } from "./site.js";

/**
 * q of each variable, [B, variables, categories], averaged over the values of what q depends on; undefined where the latent is not
 * discrete.
 * @throws CONTRACT where the model inferred no such latent
 */
export const categoryProbabilities = (inferred: Inferred, latent: string): Tensor | undefined => {
  const { codes, support, value, q } = siteOf(inferred, latent);
  if (codes) return expectation(codes, { logWeights: logWeightsOf(inferred, value.shape.slice(0, 2)) }, 2);
  const mean = (...shape: number[]): Tensor => {
    const whole = posteriorMean(inferred, latent);
    return tf.reshape(whole, [whole.shape[0]!, ...shape]);
  };
  const size = sizeOf(q.eventShape);
  if (support === "one-hot") return mean(size / q.eventShape.at(-1)!, q.eventShape.at(-1)!);
  if (support !== "binary") return undefined;
  const ones = mean(size, 1);
  return tf.concat([tf.sub(1, ones), ones], -1);
};

/** The likeliest category of each variable, [B, variables]; undefined where the latent is not discrete. */
export const likeliestCategories = (inferred: Inferred, latent: string): Tensor | undefined => {
  const probabilities = categoryProbabilities(inferred, latent);
  return probabilities && tf.cast(tf.argMax(probabilities, -1), "float32");
};
