/**
 * The model that a spec describes: the latent z joined from an encoder, a posterior, a prior, a decoder and a likelihood, and
 * what heads add to it. Only the model handles sample axes: networks see [N, ...] with N = S * B.
 *
 *     x, conditions ─► encoder ─► posterior ─► z ─┬─► decoder ─► likelihood        with a latent label: [S * K, B]
 *                       prior(conditions) ◄───────┘      ▲
 *                                            conditions ─┘
 */
import type { CallContext, Values } from "../contracts/call-context.js";
import type { Split } from "../contracts/dataset.js";
import type { Distribution } from "../contracts/distribution.js";
import type { Inferred } from "../contracts/inferred.js";
import { LATENT, type Model } from "../contracts/model.js";
import { VaelabError } from "../errors.js";
import { mapValues } from "../numerics/records.js";
import { type Fields, sizeOf } from "../tensor/fields.js";
import { type Tensor, tf } from "../tensor/tensor.js";
import { conditionOn, conditionSource } from "./conditions.js";
import { inferLatent, inferWithLabel } from "./infer.js";
import { conditionsOf, forked, type JoinedParts, joinParts, type Parts, priorAt } from "./joined-parts.js";
import { labelPrior } from "./label.js";

/** Names of the inference parameters, which a refitted copy replaces. */
export const isInference = (name: string): boolean => /^(heads\/\d+\/)?(encoder|posterior)\//.test(name);

export interface ModelOptions extends Pick<JoinedParts, "fields" | "modeled" | "latent" | "store"> {
  /** Training split from which conditions are drawn; required if there are conditions. */
  training?: Split;
}

type DrawConditions = (count: number, context: CallContext) => Fields;

/** Conditions of training examples, and a latent label from its prior. */
const drawConditionsOf = ({ routing, label }: JoinedParts, training: Split | undefined): DrawConditions => {
  const fromData = conditionSource(routing.conditions, training);
  return (count, context) => {
    const drawn = fromData(count, context);
    if (!label) return drawn;
    const value = labelPrior(label).sample(context.noise, label.name, [count]);
    return { ...drawn, [label.name]: tf.cast(tf.argMax(value, -1), "float32") };
  };
};

const generate = (
  parts: JoinedParts,
  values: Values,
  context: CallContext,
  conditions: Fields | undefined,
): Distribution => {
  const { decoder, likelihood, latent, routing } = parts;
  const z = values[LATENT];
  if (!z) throw new VaelabError("INTERNAL", { message: `no value for the latent "${LATENT}"` });
  const leading = z.shape.slice(0, z.rank - latent.length);
  const all = { ...conditionsOf(parts, routing.decoder, { values, conditions, leading }), [LATENT]: z };
  const folded = mapValues(all, (value) => tf.reshape(value, [sizeOf(leading), ...value.shape.slice(leading.length)]));
  const parameters = decoder.decode(folded, context);
  return likelihood.at(tf.reshape(parameters, [...leading, ...likelihood.outputs]));
};

const samplePrior = (
  parts: JoinedParts,
  drawConditions: DrawConditions,
  count: number,
  context: CallContext,
  requested: Fields | undefined,
): Values => {
  const { fields, label, routing } = parts;
  const isConditioned = routing.prior.length > 0;
  const conditions = label || isConditioned ? { ...drawConditions(count, forked(context, "given")), ...requested } : {};
  const values: Record<string, Tensor> = label
    ? { [label.name]: conditionOn(label.name, fields, conditions, [count]) }
    : {};
  const p = priorAt(parts, conditionsOf(parts, routing.prior, { values, conditions, leading: [count] }), context);
  return { ...values, [LATENT]: p.sample(context.noise, LATENT, isConditioned ? [] : [count]) };
};

export const latentVariableModel = (parts: Parts, { training, ...options }: ModelOptions): Model => {
  const joined = joinParts(parts, options);
  const { fields, modeled, latent, label, heads, routing } = joined;
  const drawConditions = drawConditionsOf(joined, training);
  return {
    fields,
    modeled,
    latents: { ...(label && { [label.name]: [label.categories] }), [LATENT]: latent },
    conditions: { ...routing.conditions, ...(label && { [label.name]: fields[label.name]! }) },
    infer: (batch, context) =>
      label ? inferWithLabel(joined, label, batch, context) : inferLatent(joined, batch, context),
    generate: (values, context, conditions) => generate(joined, values, context, conditions),
    samplePrior: (count, context, conditions) => samplePrior(joined, drawConditions, count, context, conditions),
    drawConditions,
    predict: (inferred: Inferred, context) =>
      Object.fromEntries(
        heads.flatMap(({ plan, predict }) => (predict ? [[plan.field, predict(inferred, context)]] : [])),
      ),
  };
};
