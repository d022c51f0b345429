/** Samples of a model, and what each of them was asked for: the one way that samples are made, for pictures and for metrics. */

import type { Values } from "../contracts/call-context.js";
import type { Distribution } from "../contracts/distribution.js";
import type { Model } from "../contracts/model.js";
import type { Fields } from "../tensor/fields.js";
import type { Noise } from "../tensor/keyed-noise.js";

export interface Generated {
  /** By field of `model.conditions`, [count, ...]: what each sample was asked for, or drew. */
  given: Fields;
  values: Values;
  /** batchShape [count]: draw from it, or take its mean. */
  likelihood: Distribution;
}

/**
 * @param asked fields of `model.conditions`, [count, ...]; what is not asked for is drawn (`Model.drawGiven`): labels then come
 * with the frequencies of the training split.
 */
export const generate = (model: Model, count: number, noise: Noise, asked: Fields = {}): Generated => {
  const context = (name: string) => ({ training: false, noise: noise.fork(name) });
  const given = { ...model.drawGiven?.(count, context("given")), ...asked };
  const values = model.samplePrior(count, context("prior"), given);
  return { given, values, likelihood: model.generate(values, context("generate"), given) };
};
