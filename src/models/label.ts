/**
 * A label as a site of the model (Kingma et al. 2014, M2): enumerated, so that every sum over it is exact. For an observed
 * label, q puts all mass on it and ln p of every other label is -OUT, so one formula gives the bound on log p(x, y) for
 * labeled examples and the bound on log p(x) for the others.
 */

import type { CallContext } from "../contracts/call-context.js";
import type { LabelSite } from "../contracts/head.js";
import type { Site } from "../contracts/inferred.js";
import { Categorical } from "../distributions/index.js";
import { knownLabels } from "../inference/known-labels.js";
import { makeSite } from "../inference/site.js";
import { oneHot } from "../nn/index.js";
import type { Batch, Fields } from "../tensor/fields.js";
import { logNormalize } from "../tensor/mathematics.js";
import { type Tensor, tf } from "../tensor/tensor.js";

/** Large enough that exp(-OUT) is 0, but finite, so that 0 * OUT is 0. */
const OUT = 1e30;

export interface Label {
  name: string;
  categories: number;
  site: LabelSite;
}

/** Log-probabilities [B, K], with all mass on the known label of labeled examples. */
const ruleOut = (logProbabilities: Tensor, known: Tensor, out: Tensor, certain: boolean): Tensor => {
  const sure = certain ? out : tf.add(logProbabilities, out);
  // 0 times a finite number, so gradients do not leak between the branches.
  return tf.add(tf.mul(known, sure), tf.mul(tf.sub(1, known), logProbabilities));
};

/** ln q(y | x), [B, K], from the modeled field alone. */
export const labelLogProbabilities = ({ site, name }: Label, fields: Fields, context: CallContext): Tensor =>
  logNormalize(site.logits(fields, { training: context.training, noise: context.noise.fork(`classify ${name}`) }));

export const labelPrior = ({ site }: Label): Categorical => new Categorical(logNormalize(site.priorLogits()));

/** The whole support after every draw, [samples * K, B, K]. Labels count as observed only in training. */
export const labelSite = (
  { name, categories, site }: Label,
  batch: Batch,
  logQ: Tensor,
  { samples, training, noise }: CallContext & { samples: number },
): Site => {
  const size = logQ.shape[0]!;
  const logP = tf.broadcastTo(logNormalize(site.priorLogits()), [size, categories]);
  const both = (): [Tensor, Tensor] => {
    if (!training) return [logQ, logP];
    const known = tf.expandDims(knownLabels(batch, name), 1);
    const out = tf.mul(tf.sub(oneHot(batch.fields[name]!, categories), 1), OUT);
    return [ruleOut(logQ, known, out, true), ruleOut(logP, known, out, false)];
  };
  const [q, p] = both().map((logProbabilities) => new Categorical(logProbabilities)) as [Categorical, Categorical];
  const value = tf.tile(q.enumerate(), [samples, 1, 1]);
  const drawn = { value, logProb: q.logProb(value) };
  return makeSite({ name, q, p, noise, samples, enumerated: true, drawn });
};
