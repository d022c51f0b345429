/**
 * The model that a spec describes: latents joined from posteriors and priors, an encoder, a decoder and a likelihood of each
 * output, and what heads add. It alone knows of sample axes: networks see [N, ...] with N = S * B.
 *
 *     x, conditions ─► encoder ─► posteriors ─► latents ─┬─► decoder ─► likelihood
 *                       priors(conditions, latents) ◄────┘      ▲
 *                                                   conditions ─┘
 */
import type { Split } from "../contracts/dataset.js";
import type { Inferred } from "../contracts/inferred.js";
import type { Model } from "../contracts/model.js";
import { infers } from "../inference/variables-of.js";
import type { ParameterStore } from "../tensor/parameters.js";
import { drawConditionsOf, follow, generate, requestable, samplePrior } from "./generation.js";
import { infer } from "./infer.js";
import { type JoinedParts, joinParts, type Parts } from "./joined-parts.js";

/** Names of the parameters that infer and do nothing else, which a refitted copy replaces. */
export const inferenceNames = ({ parameters }: ParameterStore): ReadonlySet<string> =>
  new Set(parameters.filter(({ name, shared }) => !shared && infers(name)).map(({ name }) => name));

export interface ModelOptions extends Pick<JoinedParts, "fields" | "modeled" | "store"> {
  /** The training split, that conditions are drawn from: needed where there are any. */
  training?: Split;
}

export const latentVariableModel = (parts: Parts, { training, ...options }: ModelOptions): Model => {
  const joined = joinParts(parts, options);
  const { fields, modeled, latents, heads, routing, outputs } = joined;
  const drawConditions = drawConditionsOf(joined, training);
  const labels = latents.flatMap(({ name, observed }) => (observed === undefined ? [] : [[name, observed] as const]));
  return {
    fields,
    modeled,
    outputs: Object.fromEntries(outputs.map(({ field, weight }) => [field, { weight }])),
    latents: Object.fromEntries(latents.map(({ name, shape }) => [name, shape])),
    supports: Object.fromEntries(latents.map(({ name, support }) => [name, support])),
    unrelaxed: latents.filter(({ unrelaxed }) => unrelaxed).map(({ name }) => name),
    codes: Object.fromEntries(latents.flatMap(({ name, posterior: { codes } }) => (codes ? [[name, codes]] : []))),
    observed: Object.fromEntries(labels),
    conditions: {
      ...routing.conditions,
      ...Object.fromEntries(requestable(joined).map(({ observed }) => [observed, fields[observed]!])),
    },
    infer: (batch, context) => infer(joined, batch, context),
    generate: (values, context, conditions, output) => generate(joined, values, context, conditions, output),
    samplePrior: (count, context, conditions) => samplePrior(joined, drawConditions, count, context, conditions),
    follow: (values, changed, context, conditions) => follow(joined, values, changed, { context, conditions }),
    drawConditions,
    predict: (inferred: Inferred, context) =>
      Object.fromEntries(
        heads.flatMap(({ plan, predict }) => (predict ? [[plan.field, predict(inferred, context)]] : [])),
      ),
  };
};
