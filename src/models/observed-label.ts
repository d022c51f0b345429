/**
 * A label as a latent (Kingma et al. 2014, M2): where it was observed, q puts all mass on what was, and ln p of every other value is
 * -OUT. One rule then gives the bound on ln p(x, y) for these examples and the bound on ln p(x) for the others.
 */

import type { Distribution } from "../contracts/distribution.js";
import { Categorical } from "../distributions/index.js";
import { VaelabError } from "../errors.js";
import { knownLabels } from "../inference/known-labels.js";
import { oneHot } from "../nn/index.js";
import type { Batch } from "../tensor/fields.js";
import { type Tensor, tf } from "../tensor/tensor.js";

/** Large enough that exp(-OUT) is 0, and finite, so that 0 times it is 0. */
const OUT = 1e30;

/** ln p of each category, [..., K]. @throws CONTRACT at another distribution */
export const categoryLogProbabilities = (distribution: Distribution, what: string): Tensor => {
  if (distribution.family === "categorical") return (distribution as Categorical).logProbabilities;
  throw new VaelabError("CONTRACT", {
    message: `${what} stands for a label, and is not categorical`,
    remedy: 'Use the posterior and the prior "categorical".',
  });
};

/** 1 where the label is known, [B, 1], and -OUT at each other category, [B, K]. */
const knowledge = (batch: Batch, field: string, categories: number): { known: Tensor; out: Tensor } => ({
  known: tf.expandDims(knownLabels(batch, field), 1),
  out: tf.mul(tf.sub(oneHot(batch.fields[field]!, categories), 1), OUT),
});

/** Log-probabilities [..., B, K], in which examples whose label is known have `sure`. */
const replaced = (logProbabilities: Tensor, known: Tensor, sure: Tensor): Categorical =>
  // 0 times a finite number: neither branch lets a gradient through that is not its own.
  new Categorical(tf.add(tf.mul(known, sure), tf.mul(tf.sub(1, known), logProbabilities)));

/** q(y | x), certain of the labels that are known. */
export const posteriorGivenLabels = (logProbabilities: Tensor, batch: Batch, field: string): Categorical => {
  const { known, out } = knowledge(batch, field, logProbabilities.shape.at(-1)!);
  return replaced(logProbabilities, known, out);
};

/** p(y), in which a label that is known leaves no other possible. */
export const priorGivenLabels = (logProbabilities: Tensor, batch: Batch, field: string): Categorical => {
  const { known, out } = knowledge(batch, field, logProbabilities.shape.at(-1)!);
  return replaced(logProbabilities, known, tf.add(logProbabilities, out));
};
