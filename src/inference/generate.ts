/** Draws samples of a model together with their conditions: the one way to sample, for pictures and for metrics. */

import type { Values } from "../contracts/call-context.js";
import type { Distribution } from "../contracts/distribution.js";
import type { Model } from "../contracts/model.js";
import { mapValues } from "../numerics/records.js";
import type { Fields } from "../tensor/fields.js";
import type { Noise } from "../tensor/keyed-noise.js";
import { evaluationCall } from "./call.js";
import { outputsOf } from "./elbo-terms.js";

export interface Generated {
  /** By field of `model.conditions`, [count, ...]: as requested, else drawn. */
  conditions: Fields;
  values: Values;
  /** Likelihood of the modeled field, batchShape [count]: draw from it, or take its mean. */
  likelihood: Distribution;
  /** Likelihoods of the other outputs, by field. */
  others(): Readonly<Record<string, Distribution>>;
}

/** @param requested fields of `model.conditions`, [count, ...]; the others are drawn by `Model.drawConditions` */
export const generate = (model: Model, count: number, noise: Noise, requested: Fields = {}): Generated => {
  const context = (name: string) => evaluationCall(noise.fork(name));
  const conditions = { ...model.drawConditions?.(count, context("given")), ...requested };
  const values = model.samplePrior(count, context("prior"), conditions);
  const call = context("generate");
  const { [model.modeled]: _, ...others } = outputsOf(model);
  return {
    conditions,
    values,
    likelihood: model.generate(values, call, conditions),
    others: () => mapValues(others, (_, field) => model.generate(values, call, conditions, field)),
  };
};
